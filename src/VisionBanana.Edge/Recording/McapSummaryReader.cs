using System.Collections.Immutable;
using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads the index at the end of a file that was closed.</summary>
internal static class McapSummaryReader
{
    /// <summary>What the summary claims, or null when there is none.</summary>
    /// <exception cref="MessageFormatException">The summary is damaged.</exception>
    public static McapContents? TryRead(ByteSource source, ChannelTable channels, int maxRecordBytes, Action<long, string> tell)
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

        if (start > footerAt)
        {
            throw new MessageFormatException($"The footer says that the summary begins at byte {start}, which does not fit a file of {source.Length} bytes.");
        }

        if (footerAt - start > maxRecordBytes)
        {
            throw new MessageFormatException(
                $"A summary of {footerAt - start} bytes was not read; {nameof(McapReaderOptions.MaxRecordBytes)} allows {maxRecordBytes}.");
        }

        byte[] summary = GC.AllocateUninitializedArray<byte>((int)(footerAt + End - start));
        source.Read(start, summary);
        if (crc != 0 && Crc32.HashToUInt32(summary.AsSpan(..^sizeof(uint))) is uint found && found != crc)
        {
            throw new MessageFormatException($"The summary at byte {start} is damaged: expected the CRC {crc:X8}, found {found:X8}.");
        }

        var contents = new McapContents(channels) { SummaryAt = start };
        ReadRecords(summary.AsSpan(..^End), start, contents, tell);
        return contents;
    }

    private static void ReadRecords(ReadOnlySpan<byte> summary, long dataEnd, McapContents contents, Action<long, string> tell)
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
                case McapFormat.Schema or McapFormat.Channel:
                    Declare(opcode, content, dataEnd + start - McapFormat.RecordHead, contents.Channels, tell);
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

    /// <summary>One that makes no sense here is left to the chunks, which declare what they use: a channel whose schema is not repeated, for one.</summary>
    private static void Declare(byte opcode, ReadOnlySpan<byte> content, long at, ChannelTable channels, Action<long, string> tell)
    {
        try
        {
            if (opcode == McapFormat.Schema)
            {
                channels.ReadSchema(content);
            }
            else if (channels.HasSchemaOf(content) && !channels.ReadChannel(content))
            {
                tell(at, "A channel is declared twice, for different topics or types; the first holds.");
            }
        }
        catch (MessageFormatException error)
        {
            tell(at, error.Message);
        }
    }

    private static Segment ReadChunkIndex(ReadOnlySpan<byte> content, long dataEnd)
    {
        var reader = new RecordReader(content, "chunk index");
        long startNs = reader.ReadTime(), endNs = reader.ReadTime(), offset = reader.ReadInt64(), length = reader.ReadInt64();
        CheckPlace(offset, length, dataEnd, "chunk");
        var entries = new RecordReader(reader.ReadSized(), "chunk index");
        var channels = new List<ushort>(entries.Remaining / 10);
        while (entries.Remaining > 0)
        {
            channels.Add(entries.ReadUInt16());
            entries.ReadInt64();
        }

        // A span of time that is none leaves the chunk out of nothing.
        (startNs, endNs) = startNs > endNs ? (0, long.MaxValue) : (startNs, endNs);
        return new Segment(offset, length, true, startNs, endNs, channels.Count > 0 ? channels : null, reader.ReadInt64());
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
        long startNs = reader.ReadTime(), endNs = reader.ReadTime();
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
