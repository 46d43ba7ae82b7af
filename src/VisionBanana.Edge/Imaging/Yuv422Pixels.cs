namespace VisionBanana.Edge.Imaging;

/// <summary>Two pixels in four bytes with one colour: places of the first luminance (the second is two behind it), U and V.</summary>
internal sealed class Yuv422Pixels(int y, int u, int v) : IRawPixels
{
    public string? WhyNot(int width, int height, long step, long length) =>
        width % 2 != 0 ? "its width is even"
        : step < (long)width * 2 ? $"a row has at least {(long)width * 2}"
        : step * height != length ? $"expected {step * height}"
        : null;

    public (long Step, long Length) Packed(int width, int height) => (2L * width, 2L * width * height);

    public void Convert(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian, bool toBgr, ReadOnlySpan<byte> table, Span<byte> pixels)
    {
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> from = data.Slice(row * step, width * 2);
            Span<byte> to = pixels.Slice(row * width * 3, width * 3);
            for (int i = 0, o = 0; i < from.Length; i += 4, o += 6)
            {
                var colour = new YuvColour(from[i + u], from[i + v]);
                colour.Write(from[i + y], toBgr, to.Slice(o, 3));
                colour.Write(from[i + y + 2], toBgr, to.Slice(o + 3, 3));
            }
        }
    }
}
