namespace VisionBanana.Edge.Recording;

/// <summary>Constants of MCAP version 0 (mcap.dev/spec). Integers are little endian, times nanoseconds.</summary>
internal static class McapFormat
{
    public const byte Header = 0x01, Footer = 0x02, Schema = 0x03, Channel = 0x04, Message = 0x05, Chunk = 0x06, MessageIndex = 0x07, ChunkIndex = 0x08,
        Attachment = 0x09, AttachmentIndex = 0x0A, Statistics = 0x0B, Metadata = 0x0C, MetadataIndex = 0x0D, SummaryOffset = 0x0E, DataEnd = 0x0F;

    /// <summary>Opcode and content length before every record.</summary>
    public const int RecordHead = 1 + sizeof(ulong);

    /// <summary>Channel id, sequence, log time and publish time before the payload of a message.</summary>
    public const int MessageHead = 2 + 4 + 8 + 8;

    /// <summary>Content of the footer: start of the summary, start of the summary offsets, CRC.</summary>
    public const int FooterContent = 8 + 8 + 4;

    /// <summary>What a file begins and ends with.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'M', (byte)'C', (byte)'A', (byte)'P', (byte)'0', (byte)'\r', (byte)'\n'];

    public static string NameOf(McapCompression compression) => compression switch
    {
        McapCompression.None => "",
        McapCompression.Zstd => "zstd",
        McapCompression.Lz4 => "lz4",
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "Not a compression of MCAP chunks."),
    };

    public static McapCompression CompressionOf(string name) => name switch
    {
        "" => McapCompression.None,
        "zstd" => McapCompression.Zstd,
        "lz4" => McapCompression.Lz4,
        _ => throw new MessageFormatException($"The chunk is compressed with '{name}'; expected zstd, lz4 or nothing."),
    };
}
