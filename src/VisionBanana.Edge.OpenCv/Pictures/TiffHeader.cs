using System.Buffers.Binary;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Reads the size in the first directory of a TIFF.</summary>
internal static class TiffHeader
{
    private const int EntryLength = 12;
    private const ushort WidthTag = 256, HeightTag = 257, Short = 3, Long = 4;

    /// <summary>False when the directory lies outside of the file or tells no size.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> file, bool isLittleEndian, out long width, out long height)
    {
        (width, height) = (0, 0);
        if (file.Length < 8 || Read32(file[4..], isLittleEndian) is var start && (start < 8 || start + 2L > file.Length))
        {
            return false;
        }

        ReadOnlySpan<byte> directory = file[(int)start..];
        int entries = Math.Min(Read16(directory, isLittleEndian), (directory.Length - 2) / EntryLength);
        for (int i = 0; i < entries; i++)
        {
            ReadOnlySpan<byte> entry = directory.Slice(2 + (i * EntryLength), EntryLength);
            ushort tag = Read16(entry, isLittleEndian), type = Read16(entry[2..], isLittleEndian);
            if (tag is WidthTag or HeightTag && type is Short or Long)
            {
                long value = type == Short ? Read16(entry[8..], isLittleEndian) : Read32(entry[8..], isLittleEndian);
                (width, height) = tag == WidthTag ? (value, height) : (width, value);
            }
        }

        return width > 0 && height > 0;
    }

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool isLittleEndian) =>
        isLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
