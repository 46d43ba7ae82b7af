using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Tests.Codecs;

/// <summary>Colours for tests: reproducible noise, and a grid through the whole cube.</summary>
internal static class Colours
{
    public static Rgb24[] Noise(int seed, int count)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[count * 3];
        random.NextBytes(bytes);
        return [.. Enumerable.Range(0, count).Select(i => new Rgb24(bytes[i * 3], bytes[(i * 3) + 1], bytes[(i * 3) + 2]))];
    }

    /// <summary>52³ colours, with every face, edge and corner of the cube.</summary>
    public static Rgb24[] Grid()
    {
        byte[] levels = [.. Enumerable.Range(0, 52).Select(i => (byte)(i * 5))];
        return [.. from r in levels from g in levels from b in levels select new Rgb24(r, g, b)];
    }
}
