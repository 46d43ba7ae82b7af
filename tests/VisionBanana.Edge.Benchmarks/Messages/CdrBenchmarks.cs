using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Benchmarks.Messages;

/// <summary>A whole PointCloud2 in CDR, against the plain copy of its points.</summary>
[MemoryDiagnoser]
public class CdrBenchmarks
{
    private int _width, _height;
    private CloudPoint[] _points = [];
    private CloudPoint[] _copy = [];
    private CdrWriter _writer = null!;

    [Params("192x144", "640x480")]
    public string Size { get; set; } = "640x480";

    [GlobalSetup]
    public void Setup()
    {
        (_width, _height) = Size == "192x144" ? (192, 144) : (640, 480);
        _points = GC.AllocateArray<CloudPoint>(_width * _height, pinned: true);
        _copy = GC.AllocateArray<CloudPoint>(_width * _height, pinned: true);
        _writer = new CdrWriter((_points.Length * CloudPoint.ByteSize) + 1024);
        var random = new Random(1);
        foreach (ref CloudPoint point in _points.AsSpan())
        {
            point = new CloudPoint { X = random.NextSingle(), Y = random.NextSingle(), Z = random.NextSingle(), Confidence = 1 };
        }
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _points.AsSpan().CopyTo(_copy);

    [Benchmark]
    public int PointCloud2()
    {
        _writer.Begin();
        return VisionBanana.Edge.Messages.Ros.PointCloud2.Write(_writer, new Header(new Time(1, 2), "camera_optical"), _points, _width, _height, 1);
    }
}
