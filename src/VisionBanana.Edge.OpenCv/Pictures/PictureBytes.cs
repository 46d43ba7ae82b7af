namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Finds picture files that were cut off: decoders fill what is missing with grey and say nothing.</summary>
internal static class PictureBytes
{
    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8];

    private static ReadOnlySpan<byte> PngStart => [0x89, (byte)'P', (byte)'N', (byte)'G'];

    /// <summary>False for a JPEG without its end marker and a PNG without its end chunk; true for everything else.</summary>
    public static bool AreComplete(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(JpegStart))
        {
            return JpegHeader.HasEnd(bytes);
        }

        return !bytes.StartsWith(PngStart) || bytes[^Math.Min(bytes.Length, 1 << 16)..].IndexOf("IEND"u8) >= 0;
    }
}
