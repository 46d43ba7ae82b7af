namespace VisionBanana.Edge.Imaging;

/// <summary>A plane of luminance, and one colour for 2 × 2 pixels behind it.</summary>
internal sealed class Yuv420Pixels(Yuv420Order order) : IRawPixels
{
    public string? WhyNot(int width, int height, long step, long length) =>
        width % 2 != 0 || height % 2 != 0 || step % 2 != 0 ? "its sides and its bytes per row are even"
        : step < width ? $"a row has at least {width}"
        : step * height / 2 * 3 != length ? $"expected {step * height / 2 * 3}"
        : null;

    public (long Step, long Length) Packed(int width, int height) => (width, (long)width * height / 2 * 3);

    public void Convert(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian, bool toBgr, ReadOnlySpan<byte> table, Span<byte> pixels)
    {
        ReadOnlySpan<byte> colours = data[(step * height)..];
        bool isPlanar = order is Yuv420Order.PlanarUv or Yuv420Order.PlanarVu;
        int stride = isPlanar ? step / 2 : step, apart = isPlanar ? step / 2 * (height / 2) : 1, next = isPlanar ? 1 : 2;
        (int u, int v) = order is Yuv420Order.InterleavedUv or Yuv420Order.PlanarUv ? (0, apart) : (apart, 0);
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<byte> from = data.Slice(row * step, width), of = colours[(row / 2 * stride)..];
            Span<byte> to = pixels.Slice(row * width * 3, width * 3);
            for (int x = 0, c = 0; x < width; x += 2, c += next)
            {
                var colour = new YuvColour(of[c + u], of[c + v]);
                colour.Write(from[x], toBgr, to.Slice(x * 3, 3));
                colour.Write(from[x + 1], toBgr, to.Slice((x * 3) + 3, 3));
            }
        }
    }
}
