using System.Collections.Immutable;
using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads the index at the end of a file that was closed.</summary>
internal static class McapSummaryReader
{
    /// <summary>The contents by the summary, or null when there is none or it does not lead to every message: then the file is read through.</summary>
    /// <exception cref="MessageFormatException">The summary is damaged.</exception>
    public static McapContents? TryRead(ByteSource source, int maxRecordBytes)
    {
        const int End = McapFormat.RecordHead + McapFormat.FooterContent;
        long footerAt = source.Length - McapFormat.Magic.Length - End;
        if (footerAt < McapFormat.Magic.Length)
        {
            return null;
        }

        Span<byte> end = stackalloc byte[End + McapFormat.Magic.Length];
        source.Read(footerAt, end);
        var footer = new RecordReader(end, "footer");
        if (!end[End..].SequenceEqual(McapFormat.Magic) || footer.ReadUInt8() != McapFormat.Footer || footer.ReadInt64() != McapFormat.FooterContent)
        {
            return null;
        }

        long start = footer.ReadInt64();
        footer.ReadInt64();
        uint crc = footer.ReadUInt32();
        if (start == 0)
        {
            return null;
        }

        if (start > footerAt || footerAt - start > maxRecordBytes)
        {
            throw new MessageFormatException($"The footer says that the summary begins at byte {start}, which does not fit a file of {source.Length} bytes.");
        }

        byte[] summary = GC.AllocateUninitializedArray<byte>((int)(footerAt + End - start));
        source.Read(start, summary);
        if (crc != 0 && Crc32.HashToUInt32(summary.AsSpan(..^sizeof(uint))) is uint found && found != crc)
        {
            throw new MessageFormatException($"The summary at byte {start} is damaged: expected the CRC {crc:X8}, found {found:X8}.");
        }

        var contents = new McapContents();
        ReadRecords(summary.AsSpan(..^End), start, contents);
        return contents.Segments.Count > 0 || contents.Statistics?.MessageCount == 0 ? contents : null;
    }

    private static void ReadRecords(ReadOnlySpan<byte> summary, long dataEnd, McapContents contents)
    {
        var reader = new RecordReader(summary, "summary");
        while (reader.Remaining > 0)
        {
            byte opcode = reader.ReadUInt8();
            long length = reader.ReadInt64();
            int start = reader.Position;
            reader.Skip(length);
            ReadOnlySpan<byte> content = summary[start..reader.Position];
            switch (opcode)
            {
                case McapFormat.Schema:
                    contents.Channels.ReadSchema(content);
                    break;
                case McapFormat.Channel:
                    contents.Channels.ReadChannel(content);
                    break;
                case McapFormat.ChunkIndex:
                    contents.Segments.Add(ReadChunkIndex(content, dataEnd));
                    break;
                case McapFormat.AttachmentIndex:
                    contents.Attachments.Add(ReadAttachmentIndex(content, dataEnd));
                    break;
                case McapFormat.MetadataIndex:
                    contents.Metadata.Add(ReadMetadataIndex(content, dataEnd));
                    break;
                case McapFormat.Statistics:
                    contents.Statistics = ReadStatistics(content);
                    break;
            }
        }
    }

    private static Segment ReadChunkIndex(ReadOnlySpan<byte> content, long dataEnd)
    {
        var reader = new RecordReader(content, "chunk index");
        long startNs = reader.ReadInt64(), endNs = reader.ReadInt64(), offset = reader.ReadInt64(), length = reader.ReadInt64();
        CheckPlace(offset, length, dataEnd, "chunk");
        var entries = new RecordReader(reader.ReadSized(), "chunk index");
        var channels = new List<ushort>(entries.Remaining / 10);
        while (entries.Remaining > 0)
        {
            channels.Add(entries.ReadUInt16());
            entries.ReadInt64();
        }

        return new Segment(offset, length, true, startNs, endNs, channels.Count > 0 ? channels : null);
    }

    private static McapAttachmentInfo ReadAttachmentIndex(ReadOnlySpan<byte> content, long dataEnd)
    {
        var reader = new RecordReader(content, "attachment index");
        long offset = reader.ReadInt64(), length = reader.ReadInt64();
        reader.Skip(2 * sizeof(long));
        long size = reader.ReadInt64();
        CheckPlace(offset, length, dataEnd, "attachment");
        return new McapAttachmentInfo(reader.ReadString(), reader.ReadString(), size, offset, length);
    }

    private static (string Name, long Offset, long Length) ReadMetadataIndex(ReadOnlySpan<byte> content, long dataEnd)
    {
        var reader = new RecordReader(content, "metadata index");
        long offset = reader.ReadInt64(), length = reader.ReadInt64();
        CheckPlace(offset, length, dataEnd, "metadata record");
        return (reader.ReadString(), offset, length);
    }

    private static McapStatistics ReadStatistics(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content, "statistics");
        long messages = reader.ReadInt64();
        int schemas = reader.ReadUInt16(), channels = reader.ReadCount("channels"), attachments = reader.ReadCount("attachments");
        int metadata = reader.ReadCount("metadata records"), chunks = reader.ReadCount("chunks");
        long startNs = reader.ReadInt64(), endNs = reader.ReadInt64();
        var entries = new RecordReader(reader.ReadSized(), "statistics");
        ImmutableDictionary<ushort, long>.Builder byChannel = ImmutableDictionary.CreateBuilder<ushort, long>();
        while (entries.Remaining > 0)
        {
            ushort channel = entries.ReadUInt16();
            byChannel[channel] = entries.ReadInt64();
        }

        return new McapStatistics(messages, schemas, channels, attachments, metadata, chunks, startNs, endNs, byChannel.ToImmutable());
    }

    private static void CheckPlace(long offset, long length, long dataEnd, string what)
    {
        if (offset < McapFormat.Magic.Length || offset > dataEnd || length > dataEnd - offset)
        {
            throw new MessageFormatException($"The index places a {what} of {length} bytes at byte {offset}; the data ends at byte {dataEnd}.");
        }
    }
}
