using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Recording;

/// <summary>Collects what the end of a file says about the rest of it, and writes that end.</summary>
internal sealed class McapSummaryBuilder
{
    private readonly List<ChunkEntry> _chunks = [];
    private readonly List<(ushort Channel, long Offset)> _messageIndexes = [];
    private readonly List<AttachmentEntry> _attachments = [];
    private readonly List<(long Offset, long Length, string Name)> _metadata = [];

    public void AddChunk(in ChunkEntry chunk) => _chunks.Add(chunk with { FirstIndex = _messageIndexes.Count - chunk.IndexCount });

    public void AddMessageIndex(ushort channel, long offset) => _messageIndexes.Add((channel, offset));

    public void AddAttachment(McapAttachment attachment, long offset, long length) =>
        _attachments.Add(new AttachmentEntry(
            new McapAttachmentInfo(attachment.Name, attachment.MediaType, attachment.Data.Length, offset, length),
            attachment.LogTimeNs, attachment.CreateTimeNs));

    public void AddMetadata(string name, long offset, long length) => _metadata.Add((offset, length, name));

    /// <summary>Writes the summary, the offsets into it, the footer and the magic.</summary>
    /// <param name="output">Begins at <paramref name="position"/> of the file.</param>
    /// <param name="position">Where the summary starts.</param>
    /// <param name="schemas">All of the file.</param>
    /// <param name="channels">All of the file.</param>
    /// <param name="startNs">Log time of the earliest message.</param>
    /// <param name="endNs">Log time of the latest message.</param>
    public void Write(RecordBuffer output, long position, IReadOnlyList<McapSchema> schemas, IReadOnlyList<ChannelState> channels, long startNs, long endNs)
    {
        Span<(byte Opcode, int Start, int Length)> groups = stackalloc (byte, int, int)[6];
        groups[0] = Group(McapFormat.Schema, output, schemas, static (o, schema) => McapRecords.WriteSchema(o, schema));
        groups[1] = Group(McapFormat.Channel, output, channels, static (o, state) => McapRecords.WriteChannel(o, state.Channel));
        int statistics = output.Length;
        WriteStatistics(output, schemas.Count, channels, startNs, endNs);
        groups[2] = (McapFormat.Statistics, statistics, output.Length - statistics);
        groups[3] = Group(McapFormat.ChunkIndex, output, _chunks, WriteChunkIndex);
        groups[4] = Group(McapFormat.AttachmentIndex, output, _attachments, WriteAttachmentIndex);
        groups[5] = Group(McapFormat.MetadataIndex, output, _metadata, WriteMetadataIndex);

        long offsets = position + output.Length;
        foreach ((byte opcode, int start, int length) in groups)
        {
            if (length > 0)
            {
                int record = output.BeginRecord(McapFormat.SummaryOffset);
                output.WriteUInt8(opcode);
                output.WriteInt64(position + start);
                output.WriteInt64(length);
                output.EndRecord(record);
            }
        }

        int footer = output.BeginRecord(McapFormat.Footer);
        output.PatchInt64(footer - sizeof(long), McapFormat.FooterContent);
        output.WriteInt64(position);
        output.WriteInt64(offsets);
        output.WriteUInt32(Crc32.HashToUInt32(output.Written));
        output.WriteBytes(McapFormat.Magic);
    }

    private static (byte Opcode, int Start, int Length) Group<T>(byte opcode, RecordBuffer output, IReadOnlyList<T> items, Action<RecordBuffer, T> write)
    {
        int start = output.Length;
        foreach (T item in items)
        {
            write(output, item);
        }

        return (opcode, start, output.Length - start);
    }

    private void WriteStatistics(RecordBuffer output, int schemas, IReadOnlyList<ChannelState> channels, long startNs, long endNs)
    {
        int record = output.BeginRecord(McapFormat.Statistics);
        output.WriteInt64(channels.Sum(channel => channel.MessageCount));
        output.WriteUInt16((ushort)schemas);
        output.WriteUInt32((uint)channels.Count);
        output.WriteUInt32((uint)_attachments.Count);
        output.WriteUInt32((uint)_metadata.Count);
        output.WriteUInt32((uint)_chunks.Count);
        output.WriteInt64(startNs);
        output.WriteInt64(endNs);
        int counts = output.BeginArray();
        foreach (ChannelState channel in channels)
        {
            output.WriteUInt16(channel.Channel.Id);
            output.WriteInt64(channel.MessageCount);
        }

        output.EndArray(counts);
        output.EndRecord(record);
    }

    private void WriteChunkIndex(RecordBuffer output, ChunkEntry chunk)
    {
        int record = output.BeginRecord(McapFormat.ChunkIndex);
        output.WriteInt64(chunk.StartNs);
        output.WriteInt64(chunk.EndNs);
        output.WriteInt64(chunk.Offset);
        output.WriteInt64(chunk.Length);
        int map = output.BeginArray();
        foreach ((ushort channel, long offset) in CollectionsMarshal.AsSpan(_messageIndexes).Slice(chunk.FirstIndex, chunk.IndexCount))
        {
            output.WriteUInt16(channel);
            output.WriteInt64(offset);
        }

        output.EndArray(map);
        output.WriteInt64(chunk.IndexLength);
        output.WriteString(McapFormat.NameOf(chunk.Compression));
        output.WriteInt64(chunk.StoredSize);
        output.WriteInt64(chunk.Size);
        output.EndRecord(record);
    }

    private static void WriteAttachmentIndex(RecordBuffer output, AttachmentEntry attachment)
    {
        int record = output.BeginRecord(McapFormat.AttachmentIndex);
        output.WriteInt64(attachment.Info.Offset);
        output.WriteInt64(attachment.Info.Length);
        output.WriteInt64(attachment.LogTimeNs);
        output.WriteInt64(attachment.CreateTimeNs);
        output.WriteInt64(attachment.Info.Size);
        output.WriteString(attachment.Info.Name);
        output.WriteString(attachment.Info.MediaType);
        output.EndRecord(record);
    }

    private static void WriteMetadataIndex(RecordBuffer output, (long Offset, long Length, string Name) metadata)
    {
        int record = output.BeginRecord(McapFormat.MetadataIndex);
        output.WriteInt64(metadata.Offset);
        output.WriteInt64(metadata.Length);
        output.WriteString(metadata.Name);
        output.EndRecord(record);
    }

    private readonly record struct AttachmentEntry(McapAttachmentInfo Info, long LogTimeNs, long CreateTimeNs);
}
