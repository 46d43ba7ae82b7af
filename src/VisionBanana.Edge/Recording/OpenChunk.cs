using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// The chunk in which a writer collects messages. It repeats the schemas and channels it uses, so that a damaged chunk costs its own messages only.
/// For one thread at a time.
/// </summary>
internal sealed class OpenChunk(int bytes)
{
    private readonly RecordBuffer _records = new(bytes + (bytes / 2));
    private long _startNs, _endNs;

    /// <summary>Bytes before compression.</summary>
    public int Length => _records.Length;

    public int MessageCount { get; private set; }

    /// <summary>Takes a message; nothing is left of one that does not fit into memory.</summary>
    public void Append(ChannelState state, uint sequence, long logTimeNs, long publishTimeNs, ReadOnlySpan<byte> data)
    {
        int before = _records.Length;
        try
        {
            if (!state.IsInChunk)
            {
                _records.WriteBytes(state.Record);
            }

            int offset = _records.Length;
            McapRecords.WriteMessage(_records, state.Channel.Id, sequence, logTimeNs, publishTimeNs, data);
            state.Add(logTimeNs, offset);
        }
        catch
        {
            _records.Cut(before);
            throw;
        }

        (_startNs, _endNs) = MessageCount++ == 0 ? (logTimeNs, logTimeNs) : (Math.Min(_startNs, logTimeNs), Math.Max(_endNs, logTimeNs));
    }

    /// <summary>Writes the chunk and the indexes behind it as records.</summary>
    /// <param name="output">Receives them; empty.</param>
    /// <param name="position">Where they will be in the file.</param>
    /// <param name="compression">How the chunk is compressed.</param>
    /// <param name="codec">What compresses it.</param>
    /// <param name="channels">All channels of the writer.</param>
    public ChunkEntry WriteTo(RecordBuffer output, long position, McapCompression compression, ChunkCodec codec, List<ChannelState> channels)
    {
        int record = output.BeginRecord(McapFormat.Chunk);
        output.WriteInt64(_startNs);
        output.WriteInt64(_endNs);
        output.WriteInt64(_records.Length);
        output.WriteUInt32(Crc32.HashToUInt32(_records.Written));
        output.WriteString(McapFormat.NameOf(compression));
        output.WriteInt64(0);
        int begin = output.Length;
        int stored = codec.Compress(compression, _records.Written, output);
        output.PatchInt64(begin - sizeof(long), stored);
        output.EndRecord(record);
        int length = output.Length, indexes = 0;
        foreach (ChannelState state in channels)
        {
            if (state.IsInChunk)
            {
                McapRecords.WriteMessageIndex(output, state.Channel.Id, state.Index);
                indexes++;
            }
        }

        return new ChunkEntry(_startNs, _endNs, position, length, output.Length - length, compression, stored, _records.Length, indexes);
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _records.Clear();
        MessageCount = 0;
    }
}
