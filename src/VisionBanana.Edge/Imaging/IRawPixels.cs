namespace VisionBanana.Edge.Imaging;

/// <summary>How one family of layouts becomes three channels; sizes were checked before.</summary>
internal interface IRawPixels
{
    /// <summary>Why data of a length are no picture of a size, or null when they are.</summary>
    string? WhyNot(int width, int height, long step, long length);

    /// <summary>Bytes per row and of the whole, when rows follow each other without padding.</summary>
    (long Step, long Length) Packed(int width, int height);

    /// <summary>Converts a picture; <paramref name="table"/> says what samples of two bytes become, empty = 65535 becomes 255.</summary>
    void Convert(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian, bool toBgr, ReadOnlySpan<byte> table, Span<byte> pixels);
}
