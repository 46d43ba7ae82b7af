using System.Buffers.Binary;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Reads what encoded pictures say of their size, before anything is decoded: JPEG, PNG, BMP, TIFF, WebP and PNM.</summary>
internal static class PictureHeader
{
    /// <summary>False when the bytes begin like none of these formats, or end before they tell a size.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="width">Pixels per row as the file claims.</param>
    /// <param name="height">Rows as the file claims.</param>
    public static bool TryReadSize(ReadOnlySpan<byte> file, out long width, out long height)
    {
        (width, height) = (0, 0);
        return file switch
        {
            [0xFF, 0xD8, ..] => JpegHeader.TryReadSize(file, out width, out height),
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Png(file, out width, out height),
            [(byte)'B', (byte)'M', ..] => Bmp(file, out width, out height),
            [(byte)'I', (byte)'I', 42, 0, ..] => TiffHeader.TryReadSize(file, isLittleEndian: true, out width, out height),
            [(byte)'M', (byte)'M', 0, 42, ..] => TiffHeader.TryReadSize(file, isLittleEndian: false, out width, out height),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP(file, out width, out height),
            [(byte)'P', >= (byte)'1' and <= (byte)'6', ..] => PnmHeader.TryReadSize(file[2..], out width, out height),
            _ => false,
        };
    }

    private static bool Png(ReadOnlySpan<byte> file, out long width, out long height)
    {
        (width, height) = (0, 0);
        if (file.Length < 24 || !file[12..].StartsWith("IHDR"u8))
        {
            return false;
        }

        (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(file[16..]), BinaryPrimitives.ReadUInt32BigEndian(file[20..]));
        return true;
    }

    private static bool Bmp(ReadOnlySpan<byte> file, out long width, out long height)
    {
        (width, height) = (0, 0);
        if (file.Length < 26)
        {
            return false;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12)
        {
            (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(file[18..]), BinaryPrimitives.ReadUInt16LittleEndian(file[20..]));
            return true;
        }

        // A negative height means rows from the top.
        (width, height) = (BinaryPrimitives.ReadInt32LittleEndian(file[18..]), Math.Abs((long)BinaryPrimitives.ReadInt32LittleEndian(file[22..])));
        return true;
    }

    private static bool WebP(ReadOnlySpan<byte> file, out long width, out long height)
    {
        (width, height) = (0, 0);
        if (file.Length < 30)
        {
            return false;
        }

        ReadOnlySpan<byte> kind = file.Slice(12, 4), content = file[20..];
        if (kind.SequenceEqual("VP8X"u8))
        {
            (width, height) = (1 + Read24(content[4..]), 1 + Read24(content[7..]));
            return true;
        }

        if (kind.SequenceEqual("VP8L"u8))
        {
            uint bits = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
            (width, height) = (1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF));
            return true;
        }

        (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(content[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(content[8..]) & 0x3FFF);
        return kind.SequenceEqual("VP8 "u8);
    }

    private static long Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
