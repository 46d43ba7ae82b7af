using System.Buffers.Binary;

namespace VisionBanana.Edge.Imaging;

/// <summary>Channels of one or two bytes side by side.</summary>
internal sealed class PackedPixels(int channels, int bytes, int red, int green, int blue) : IRawPixels
{
    public string? WhyNot(int width, int height, long step, long length) =>
        step < (long)width * channels * bytes ? $"a row has at least {(long)width * channels * bytes}"
        : step * height != length ? $"expected {step * height}"
        : null;

    public (long Step, long Length) Packed(int width, int height) => ((long)width * channels * bytes, (long)width * channels * bytes * height);

    public void Convert(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian, bool toBgr, ReadOnlySpan<byte> table, Span<byte> pixels)
    {
        (int first, int last) = toBgr ? (blue, red) : (red, blue);
        int pixel = channels * bytes;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = data.Slice(y * step, width * pixel);
            Span<byte> to = pixels.Slice(y * width * 3, width * 3);
            if (pixel == 3 && first == 0)
            {
                from.CopyTo(to);
            }
            else if (pixel == 3)
            {
                ChannelOrder.Swap(from, to);
            }
            else if (bytes == 1)
            {
                for (int x = 0, i = 0, o = 0; x < width; x++, i += pixel, o += 3)
                {
                    (to[o], to[o + 1], to[o + 2]) = (from[i + first], from[i + green], from[i + last]);
                }
            }
            else
            {
                for (int x = 0, i = 0, o = 0; x < width; x++, i += pixel, o += 3)
                {
                    (to[o], to[o + 1], to[o + 2]) = (
                        Scale(Of(from, i, first, isBigEndian), table), Scale(Of(from, i, green, isBigEndian), table),
                        Scale(Of(from, i, last, isBigEndian), table));
                }
            }
        }
    }

    /// <summary>65535 becomes 255.</summary>
    public static byte Scale(int value) => (byte)((value + 128) / 257);

    /// <summary>What the table says, where there is one.</summary>
    public static byte Scale(int value, ReadOnlySpan<byte> table) => table.IsEmpty ? Scale(value) : table[value];

    private static ushort Of(ReadOnlySpan<byte> row, int pixel, int channel, bool isBigEndian)
    {
        ReadOnlySpan<byte> value = row.Slice(pixel + (channel * sizeof(ushort)), sizeof(ushort));
        return isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value);
    }
}
