using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Benchmarks.Codecs;

/// <summary>
/// The baseline copies as many bytes as decoding depth moves: 3 in, 8 out per pixel, as 5.5 in and 5.5 out.
/// The painting is a depth ramp with noise, so that no branch or value repeats.
/// </summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private int _width, _height;
    private byte[] _from = [];
    private byte[] _to = [];
    private Rgb24[] _painting = [];
    private Rgb24[] _classPainting = [];
    private Rgb24[] _output = [];
    private float[] _metres = [];
    private float[] _depth = [];
    private float[] _confidence = [];
    private float[] _normals = [];
    private ushort[] _labels = [];
    private readonly InstanceCodec _instances = new();
    private readonly ColourMapCodec _plasma = new(ColourMap.Plasma);
    private SemanticCodec _semantic = null!;

    [Params("192x144", "640x480")]
    public string Size { get; set; } = "640x480";

    [GlobalSetup]
    public void Setup()
    {
        (_width, _height) = Size == "192x144" ? (192, 144) : (640, 480);
        int pixels = _width * _height;
        (_from, _to) = (new byte[pixels * 11 / 2], new byte[pixels * 11 / 2]);
        (_painting, _classPainting, _output) = (new Rgb24[pixels], new Rgb24[pixels], new Rgb24[pixels]);
        (_metres, _depth, _confidence, _normals) = (new float[pixels], new float[pixels], new float[pixels], new float[pixels * 3]);
        _labels = new ushort[pixels];
        var random = new Random(1);
        LabelPalette palette = new(Enumerable.Range(0, 12).Select(i =>
            new LabelColour(i, i == 0 ? "background" : $"class {i}", InstanceCodec.ColourOf(i, new Rgb24(0, 0, 0)))));
        _semantic = new SemanticCodec(palette);
        for (int i = 0; i < pixels; i++)
        {
            int x = i % _width * 640 / _width, y = i / _width * 480 / _height;
            _metres[i] = 0.3f + (x * 0.02f) + (y * 0.01f);
            _painting[i] = Noisy(random, DepthCodec.Encode(_metres[i]), 4);
            _classPainting[i] = Noisy(random, palette[((x / 80) + (y / 96 * 5)) % 12].Colour, 3);
        }
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _from.AsSpan().CopyTo(_to);

    /// <summary>As many bytes as encoding moves: 4 in, 3 out.</summary>
    [Benchmark]
    public void CopyOfEncoding() => _from.AsSpan(0, _metres.Length * 7 / 2).CopyTo(_to);

    [Benchmark]
    public void DepthDecode() => DepthCodec.Decode(_painting, _depth, _confidence);

    [Benchmark]
    public void DepthEncode() => DepthCodec.Encode(_metres, _output);

    [Benchmark]
    public void PlasmaDecode() => _plasma.Decode(_painting, _depth, _confidence);

    [Benchmark]
    public void SemanticDecodeTwelveClasses() => _semantic.Decode(_classPainting, _labels, _confidence);

    [Benchmark]
    public void NormalDecode() => NormalCodec.Decode(_painting, _normals, _confidence);

    [Benchmark]
    public int InstanceDecode() => _instances.Decode(_classPainting, _width, _height, default, _labels, _confidence);

    private static Rgb24 Noisy(Random random, Rgb24 c, int spread)
    {
        return new Rgb24(Channel(c.R), Channel(c.G), Channel(c.B));

        byte Channel(byte value) => (byte)Math.Clamp(value + random.Next(-spread, spread + 1), 0, 255);
    }
}
