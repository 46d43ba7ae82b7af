using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>Writes the records that stand on their own.</summary>
internal static class McapRecords
{
    public static void WriteHeader(RecordBuffer output, string profile, string library)
    {
        int record = output.BeginRecord(McapFormat.Header);
        output.WriteString(profile);
        output.WriteString(library);
        output.EndRecord(record);
    }

    public static void WriteSchema(RecordBuffer output, McapSchema schema)
    {
        int record = output.BeginRecord(McapFormat.Schema);
        output.WriteUInt16(schema.Id);
        output.WriteString(schema.Name);
        output.WriteString(schema.Encoding);
        int data = output.BeginArray();
        output.WriteBytes(schema.Data.Span);
        output.EndArray(data);
        output.EndRecord(record);
    }

    public static void WriteChannel(RecordBuffer output, McapChannel channel)
    {
        int record = output.BeginRecord(McapFormat.Channel);
        output.WriteUInt16(channel.Id);
        output.WriteUInt16(channel.Schema?.Id ?? 0);
        output.WriteString(channel.Topic);
        output.WriteString(channel.MessageEncoding);
        output.WriteMap(channel.Metadata);
        output.EndRecord(record);
    }

    public static void WriteMessage(RecordBuffer output, ushort channel, uint sequence, long logTimeNs, long publishTimeNs, ReadOnlySpan<byte> data)
    {
        int record = output.BeginRecord(McapFormat.Message);
        output.WriteUInt16(channel);
        output.WriteUInt32(sequence);
        output.WriteInt64(logTimeNs);
        output.WriteInt64(publishTimeNs);
        output.WriteBytes(data);
        output.EndRecord(record);
    }

    public static void WriteMessageIndex(RecordBuffer output, ushort channel, ReadOnlySpan<(long LogTime, long Offset)> entries)
    {
        int record = output.BeginRecord(McapFormat.MessageIndex);
        output.WriteUInt16(channel);
        int array = output.BeginArray();
        foreach ((long logTime, long offset) in entries)
        {
            output.WriteInt64(logTime);
            output.WriteInt64(offset);
        }

        output.EndArray(array);
        output.EndRecord(record);
    }

    public static void WriteAttachment(RecordBuffer output, McapAttachment attachment)
    {
        int record = output.BeginRecord(McapFormat.Attachment);
        output.WriteInt64(attachment.LogTimeNs);
        output.WriteInt64(attachment.CreateTimeNs);
        output.WriteString(attachment.Name);
        output.WriteString(attachment.MediaType);
        output.WriteInt64(attachment.Data.Length);
        output.WriteBytes(attachment.Data.Span);
        output.WriteUInt32(Crc32.HashToUInt32(output.Written[record..]));
        output.EndRecord(record);
    }

    public static void WriteMetadata(RecordBuffer output, McapMetadata metadata)
    {
        int record = output.BeginRecord(McapFormat.Metadata);
        output.WriteString(metadata.Name);
        output.WriteMap(metadata.Entries);
        output.EndRecord(record);
    }

    public static void WriteDataEnd(RecordBuffer output, uint crc)
    {
        int record = output.BeginRecord(McapFormat.DataEnd);
        output.WriteUInt32(crc);
        output.EndRecord(record);
    }
}
