using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads single records at known places.</summary>
internal static class McapRecordAccess
{
    public static McapAttachment ReadAttachment(ByteSource source, long offset, long length, int maxRecordBytes)
    {
        byte[] bytes = Read(source, offset, length, McapFormat.Attachment, "attachment", maxRecordBytes);
        var reader = new RecordReader(bytes, "attachment");
        long logTime = reader.ReadInt64(), createTime = reader.ReadInt64();
        string name = reader.ReadString(), mediaType = reader.ReadString();
        int size = reader.ReadLongSized().Length, end = reader.Position;
        uint crc = reader.ReadUInt32();
        if (crc != 0 && Crc32.HashToUInt32(bytes.AsSpan(0, end)) is uint found && found != crc)
        {
            throw new MessageFormatException($"The attachment '{name}' is damaged: expected the CRC {crc:X8}, found {found:X8}.");
        }

        return new McapAttachment(name, mediaType, bytes.AsMemory(end - size, size)) { LogTimeNs = logTime, CreateTimeNs = createTime };
    }

    /// <summary>What an attachment is, from its head; however large it is, it is not read whole.</summary>
    public static McapAttachmentInfo ReadAttachmentInfo(ByteSource source, long offset, long length)
    {
        const int LongestHead = 1 << 16, Times = 2 * sizeof(long);
        byte[] head = new byte[Math.Min(LongestHead, length - McapFormat.RecordHead)];
        source.Read(offset + McapFormat.RecordHead, head);
        var reader = new RecordReader(head, "attachment");
        reader.Skip(Times);
        string name = reader.ReadString(), mediaType = reader.ReadString();
        long size = reader.ReadInt64();
        return size <= length - McapFormat.RecordHead - reader.Position - sizeof(uint)
            ? new McapAttachmentInfo(name, mediaType, size, offset, length)
            : throw new MessageFormatException($"The attachment '{name}' claims {size} bytes in a record of {length}.");
    }

    public static McapMetadata ReadMetadata(ByteSource source, long offset, long length, int maxRecordBytes)
    {
        var reader = new RecordReader(Read(source, offset, length, McapFormat.Metadata, "metadata", maxRecordBytes), "metadata");
        return new McapMetadata(reader.ReadString(), reader.ReadMap());
    }

    /// <summary>The content of a record of a known type.</summary>
    public static byte[] Read(ByteSource source, long offset, long length, byte opcode, string what, int maxRecordBytes)
    {
        if (length < McapFormat.RecordHead || length > maxRecordBytes)
        {
            throw new MessageFormatException($"The {what} record has {length} bytes; {nameof(McapReaderOptions.MaxRecordBytes)} allows {maxRecordBytes}.");
        }

        Span<byte> headBytes = stackalloc byte[McapFormat.RecordHead];
        source.Read(offset, headBytes);
        var head = new RecordReader(headBytes, what);
        byte found = head.ReadUInt8();
        if (found != opcode || head.ReadInt64() != length - McapFormat.RecordHead)
        {
            throw new MessageFormatException($"Expected the {what} record of {length} bytes at byte {offset}, found another (type {found:X2}).");
        }

        byte[] content = GC.AllocateUninitializedArray<byte>((int)length - McapFormat.RecordHead);
        source.Read(offset + McapFormat.RecordHead, content);
        return content;
    }
}
