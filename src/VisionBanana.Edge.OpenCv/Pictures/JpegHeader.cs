using System.Buffers.Binary;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Walks over the segments of a JPEG.</summary>
internal static class JpegHeader
{
    /// <summary>False when there is no frame header before the first scan or the end.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> file, out long width, out long height)
    {
        (width, height) = (0, 0);
        int at = 2;
        while (at + 4 <= file.Length)
        {
            if (file[at] != 0xFF)
            {
                at++; // Decoders skip what stands between segments.
                continue;
            }

            byte marker = file[at + 1];
            if (marker is 0xFF or 0x00 or 0x01 or 0xD8 or (>= 0xD0 and <= 0xD7))
            {
                at += marker == 0xFF ? 1 : 2; // Fill, or a marker without content.
                continue;
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (at + 9 > file.Length)
                {
                    return false;
                }

                (height, width) = (BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]));
                return true;
            }

            if (marker is 0xDA or 0xD9)
            {
                return false;
            }

            at += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
        }

        return false;
    }

    /// <summary>
    /// Whether the picture itself has its end marker: markers in previews that stand in its segments do not count, and what follows the end does not
    /// matter.
    /// </summary>
    public static bool HasEnd(ReadOnlySpan<byte> file)
    {
        int at = 2;
        while (at + 1 < file.Length)
        {
            // Between segments and within scans alike: the next marker. In a scan a byte FF is followed by 00, or by a restart.
            int next = file[at..].IndexOf((byte)0xFF);
            at = next < 0 ? file.Length : at + next;
            if (at + 1 >= file.Length)
            {
                return false;
            }

            byte marker = file[at + 1];
            if (marker == 0xD9)
            {
                return true;
            }

            if (marker is 0xFF)
            {
                at++;
            }
            else if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8) || at + 4 > file.Length)
            {
                at += 2;
            }
            else
            {
                at += 2 + Math.Max(2, (int)BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]));
            }
        }

        return false;
    }
}
