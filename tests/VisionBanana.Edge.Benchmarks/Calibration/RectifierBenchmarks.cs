using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Benchmarks.Calibration;

/// <summary>One remap from the camera picture to the painter's input, against the plain copy of the camera picture.</summary>
[MemoryDiagnoser]
public class RectifierBenchmarks
{
    private CameraFrame _picture = null!;
    private PerceptionFrame _frame = null!;
    private Rectifier _rectifier = null!;
    private byte[] _copy = [];

    [Params("640x480", "1920x1080")]
    public string Size { get; set; } = "640x480";

    [Params("192x144", "640x480")]
    public string Target { get; set; } = "192x144";

    [GlobalSetup]
    public void Setup()
    {
        (int targetWidth, int targetHeight) = Target == "192x144" ? (192, 144) : (640, 480);
        int width = Size == "640x480" ? 640 : 1920, height = Size == "640x480" ? 480 : 1080;
        var source = new CameraIntrinsics(width, height, width * 0.84, width * 0.84, width * 0.53, height * 0.49)
        {
            Distortion = [-0.2664, -0.0386, 0.00178, -0.00028, 0.2384],
        };
        CameraFrame.CreatePool(1, width, height, PixelFormat.Bgr8).TryRent(out _picture!);
        PerceptionFrame.CreatePool(1, targetWidth, targetHeight).TryRent(out _frame!);
        new Random(1).NextBytes(_picture.Pixels);
        _copy = new byte[_picture.Pixels.Length];
        _rectifier = Rectifier.Create(source, PaintedCamera.For(source, targetWidth, targetHeight, null)!, PixelFormat.Bgr8);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _picture.Pixels.CopyTo(_copy);

    [Benchmark]
    public void Rectify() => _rectifier.Apply(_picture, _frame);
}
