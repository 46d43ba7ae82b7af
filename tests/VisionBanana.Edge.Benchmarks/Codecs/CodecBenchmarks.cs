using BenchmarkDotNet.Attributes;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Benchmarks.Codecs;

/// <summary>
/// 640 × 480. The baseline copies as many bytes as decoding depth moves: 3 in, 8 out per pixel, as 5.5 in and 5.5 out.
/// The painting is a depth ramp with noise, so that no branch or value repeats.
/// </summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private const int Width = 640;
    private const int Height = 480;
    private const int Pixels = Width * Height;

    private readonly byte[] _from = new byte[Pixels * 11 / 2];
    private readonly byte[] _to = new byte[Pixels * 11 / 2];
    private readonly Rgb24[] _painting = new Rgb24[Pixels];
    private readonly Rgb24[] _classPainting = new Rgb24[Pixels];
    private readonly Rgb24[] _output = new Rgb24[Pixels];
    private readonly float[] _metres = new float[Pixels];
    private readonly float[] _depth = new float[Pixels];
    private readonly float[] _confidence = new float[Pixels];
    private readonly float[] _normals = new float[Pixels * 3];
    private readonly ushort[] _labels = new ushort[Pixels];
    private readonly InstanceCodec _instances = new();
    private readonly ColourMapCodec _plasma = new(ColourMap.Plasma);
    private SemanticCodec _semantic = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        LabelPalette palette = new(Enumerable.Range(0, 12).Select(i =>
            new LabelColour(i, i == 0 ? "background" : $"class {i}", InstanceCodec.ColourOf(i, new Rgb24(0, 0, 0)))));
        _semantic = new SemanticCodec(palette);
        for (int i = 0; i < Pixels; i++)
        {
            int x = i % Width, y = i / Width;
            _metres[i] = 0.3f + (x * 0.02f) + (y * 0.01f);
            _painting[i] = Noisy(random, DepthCodec.Encode(_metres[i]), 4);
            _classPainting[i] = Noisy(random, palette[((x / 80) + (y / 96 * 5)) % 12].Colour, 3);
        }
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _from.AsSpan().CopyTo(_to);

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
    public int InstanceDecode() => _instances.Decode(_classPainting, Width, Height, default, _labels, _confidence);

    private static Rgb24 Noisy(Random random, Rgb24 c, int spread)
    {
        return new Rgb24(Channel(c.R), Channel(c.G), Channel(c.B));

        byte Channel(byte value) => (byte)Math.Clamp(value + random.Next(-spread, spread + 1), 0, 255);
    }
}
