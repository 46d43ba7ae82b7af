using System.Buffers.Binary;

namespace VisionBanana.Edge.Imaging;

/// <summary>
/// One colour per pixel, each green twice: missing ones are means of their neighbours, and the pixels of the border are those beside
/// them, as in OpenCV.
/// </summary>
internal sealed class BayerPixels(int bytes, int redX, int redY) : IRawPixels
{
    public string? WhyNot(int width, int height, long step, long length) =>
        width < 3 || height < 3 ? "a mosaic has at least 3×3 pixels"
        : step < (long)width * bytes ? $"a row has at least {(long)width * bytes}"
        : step * height != length ? $"expected {step * height}"
        : null;

    public (long Step, long Length) Packed(int width, int height) => ((long)width * bytes, (long)width * bytes * height);

    public void Convert(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian, bool toBgr, ReadOnlySpan<byte> table, Span<byte> pixels)
    {
        Span<int> above = new int[width], here = new int[width], below = new int[width];
        for (int row = 1; row < height - 1; row++)
        {
            Load(data[((row - 1) * step)..], isBigEndian, above);
            Load(data[(row * step)..], isBigEndian, here);
            Load(data[((row + 1) * step)..], isBigEndian, below);
            Span<byte> to = pixels.Slice(row * width * 3, width * 3);
            for (int x = 1; x < width - 1; x++)
            {
                Write(above, here, below, x, row, toBgr, table, to.Slice(x * 3, 3));
            }

            to.Slice(3, 3).CopyTo(to);
            to.Slice((width - 2) * 3, 3).CopyTo(to[((width - 1) * 3)..]);
        }

        pixels.Slice(width * 3, width * 3).CopyTo(pixels);
        pixels.Slice((height - 2) * width * 3, width * 3).CopyTo(pixels[((height - 1) * width * 3)..]);
    }

    private void Write(ReadOnlySpan<int> above, ReadOnlySpan<int> here, ReadOnlySpan<int> below, int x, int y, bool toBgr, ReadOnlySpan<byte> table,
        Span<byte> pixel)
    {
        bool isRedColumn = x % 2 == redX, isRedRow = y % 2 == redY;
        int red, green, blue;
        if (isRedColumn == isRedRow)
        {
            green = (above[x] + below[x] + here[x - 1] + here[x + 1] + 2) >> 2;
            int corners = (above[x - 1] + above[x + 1] + below[x - 1] + below[x + 1] + 2) >> 2;
            (red, blue) = isRedRow ? (here[x], corners) : (corners, here[x]);
        }
        else
        {
            green = here[x];
            int beside = (here[x - 1] + here[x + 1] + 1) >> 1, over = (above[x] + below[x] + 1) >> 1;
            (red, blue) = isRedRow ? (beside, over) : (over, beside);
        }

        (pixel[0], pixel[1], pixel[2]) = toBgr
            ? (Byte(blue, table), Byte(green, table), Byte(red, table)) : (Byte(red, table), Byte(green, table), Byte(blue, table));
    }

    private byte Byte(int value, ReadOnlySpan<byte> table) => bytes == 1 ? (byte)value : PackedPixels.Scale(value, table);

    private void Load(ReadOnlySpan<byte> row, bool isBigEndian, Span<int> values)
    {
        for (int x = 0; x < values.Length; x++)
        {
            values[x] = bytes == 1 ? row[x]
                : isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(row[(x * sizeof(ushort))..])
                : BinaryPrimitives.ReadUInt16LittleEndian(row[(x * sizeof(ushort))..]);
        }
    }
}
