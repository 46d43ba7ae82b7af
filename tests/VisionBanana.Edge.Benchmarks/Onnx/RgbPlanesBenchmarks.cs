using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Benchmarks.Onnx;

/// <summary>Pictures to tensors and back, against the copy of the floats: memory is the limit.</summary>
[InProcess]
[MemoryDiagnoser]
public class RgbPlanesBenchmarks
{
    private readonly float[] _factor = [1 / 58.395f, 1 / 57.12f, 1 / 57.375f];
    private readonly float[] _offset = [-2.118f, -2.036f, -1.804f];
    private byte[] _rgb = [];
    private float[] _planes = [];
    private float[] _copy = [];

    [Params("192x144", "640x480")]
    public string Size { get; set; } = "";

    [GlobalSetup]
    public void Fill()
    {
        int count = Size == "192x144" ? 192 * 144 * 3 : 640 * 480 * 3;
        _rgb = new byte[count];
        _planes = new float[count];
        _copy = new float[count];
        new Random(1).NextBytes(_rgb);
    }

    [Benchmark(Baseline = true)]
    public void CopyOfTheFloats() => _planes.CopyTo(_copy, 0);

    [Benchmark]
    public void FromRgb() => RgbPlanes.FromRgb(_rgb, _planes, _factor, _offset);

    [Benchmark]
    public void ToRgb() => RgbPlanes.ToRgb(_planes, _rgb);
}
