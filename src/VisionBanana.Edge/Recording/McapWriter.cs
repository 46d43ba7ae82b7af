using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Writes a recording: an MCAP file (mcap.dev/spec, version 0) with chunks, CRCs, indexes and statistics. Messages are collected in a
/// chunk, which goes to the file in one write when it is full or old enough: a process that is killed leaves a file that is readable up
/// to there. Every chunk repeats the schemas and channels it uses, so that a damaged chunk costs its own messages only.
/// May be used from several threads; nothing is allocated per message once warm.
/// </summary>
public sealed class McapWriter : IDisposable
{
    // What a camera saw is not for every user of the machine.
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly Lock _gate = new();
    private readonly Stream _stream;
    private readonly bool _leaveOpen;
    private readonly McapWriterOptions _options;
    private readonly ChunkCodec _codec;
    private readonly Crc32 _crc = new();
    private readonly McapSummaryBuilder _summary = new();
    private readonly List<McapSchema> _schemas = [];
    private readonly List<ChannelState> _channels = [];
    private readonly Dictionary<string, McapChannel> _byTopic = new(StringComparer.Ordinal);
    private readonly RecordBuffer _output = new(4096);
    private readonly RecordBuffer _chunk;
    private readonly ITimer _timer;
    private long _position, _startNs = long.MaxValue, _endNs = long.MinValue, _chunkStartNs, _chunkEndNs, _messages;
    private int _chunkMessages;
    private bool _closed;
    private DiskSpace? _disk;
    private string? _ended;

    /// <summary>Starts a recording in a stream that can seek and is at its begin.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="options">How.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is closed.</param>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    /// <exception cref="RecordingException">The stream refuses the first bytes.</exception>
    public McapWriter(Stream stream, McapWriterOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _options = Checked(options ?? new McapWriterOptions());
        _stream = stream;
        _leaveOpen = leaveOpen;
        _codec = new ChunkCodec(_options.ZstdLevel);
        _chunk = new RecordBuffer(_options.ChunkBytes + (_options.ChunkBytes / 2));
        _timer = _options.Clock.CreateTimer(static writer => ((McapWriter)writer!).FlushOld(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _output.WriteBytes(McapFormat.Magic);
        McapRecords.WriteHeader(_output, _options.Profile, Library);
        WriteOut();
    }

    /// <summary>What stands in the header as the writer of the file.</summary>
    public static string Library { get; } = $"VisionBanana.Edge {typeof(McapWriter).Assembly.GetName().Version?.ToString(3)}";

    /// <summary>Messages taken so far.</summary>
    public long MessageCount
    {
        get
        {
            lock (_gate)
            {
                return _messages;
            }
        }
    }

    /// <summary>Bytes in the file so far.</summary>
    public long BytesWritten
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    /// <summary>Why the recording ended by itself: the disk is almost full. Null as long as it has not. The file is closed and readable then.</summary>
    public string? EndedBecause
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    /// <summary>Starts a recording in a new file.</summary>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    /// <exception cref="RecordingException">The file exists or cannot be created, or the disk has no room to spare.</exception>
    public static McapWriter Create(string path, McapWriterOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = Checked(options ?? new McapWriterOptions());
        var disk = new DiskSpace(path, options.KeepFreeBytes);
        FileStream stream;
        if (disk.WhyNoRoomFor(options.ChunkBytes) is { } full)
        {
            throw new RecordingException($"The recording '{path}' was not begun: {full}");
        }

        try
        {
            // Unbuffered: a chunk is one write, and what was written is out of this process's hands.
            var file = new FileStreamOptions
            {
                Mode = options.Overwrite ? FileMode.Create : FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                file.UnixCreateMode = OwnerAndGroup;
            }

            stream = new FileStream(path, file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new RecordingException(
                File.Exists(path) && !options.Overwrite
                    ? $"The recording '{path}' exists already: give another name, or allow it to be overwritten."
                    : $"The recording '{path}' cannot be created: {error.Message}",
                error);
        }

        try
        {
            return new McapWriter(stream, options) { _disk = disk };
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Declares a message type.</summary>
    /// <param name="name">Name of the type, e.g. <c>sensor_msgs/msg/Image</c>.</param>
    /// <param name="encoding">How the definition is written, e.g. <c>ros2msg</c>; empty = no definition.</param>
    /// <param name="data">The definition.</param>
    public McapSchema AddSchema(string name, string encoding, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(encoding);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_schemas.Count == ushort.MaxValue)
            {
                throw new InvalidOperationException("A recording holds at most 65535 schemas.");
            }

            var schema = new McapSchema((ushort)(_schemas.Count + 1), name, encoding, data.ToArray());
            _schemas.Add(schema);
            return schema;
        }
    }

    /// <summary>Declares a stream of messages.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="messageEncoding">How payloads are written, e.g. <c>cdr</c>.</param>
    /// <param name="schema">A schema of this writer, or null.</param>
    /// <param name="metadata">What else readers should know.</param>
    public McapChannel AddChannel(string topic, string messageEncoding, McapSchema? schema, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(messageEncoding);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (schema is not null && (schema.Id == 0 || schema.Id > _schemas.Count || !_schemas[schema.Id - 1].Equals(schema)))
            {
                throw new ArgumentException($"The schema '{schema.Name}' was not made by AddSchema of this writer.", nameof(schema));
            }

            if (_channels.Count == ushort.MaxValue)
            {
                throw new InvalidOperationException("A recording holds at most 65535 channels.");
            }

            var channel = new McapChannel(
                (ushort)(_channels.Count + 1), topic, messageEncoding, schema, metadata?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty);
            var record = new RecordBuffer(256);
            if (schema is not null)
            {
                McapRecords.WriteSchema(record, schema);
            }

            McapRecords.WriteChannel(record, channel);
            _channels.Add(new ChannelState(channel, record.Written.ToArray()));
            return channel;
        }
    }

    /// <summary>
    /// Records a ROS 2 message. Schema and channel are made when the topic is new; the channel's metadata say <c>stream</c>.
    /// Publish time is the capture time.
    /// </summary>
    /// <exception cref="ConfigurationException">The type has no entry in <see cref="RosDefinitions"/>, or the topic carries another type already.</exception>
    /// <exception cref="RecordingException">The file cannot be written; the message was not taken.</exception>
    public void Write(WireMessage message, string topic, long logTimeNs)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(topic);
        lock (_gate)
        {
            ThrowIfEnded();
            if (!_byTopic.TryGetValue(topic, out McapChannel? channel))
            {
                channel = AddRosChannel(topic, message);
            }
            else if (channel.Schema!.Name != message.Schema)
            {
                throw new ConfigurationException($"The topic {topic} carries {channel.Schema.Name}; {message.Schema} needs a topic of its own.");
            }

            Write(channel, (uint)message.SequenceNumber, logTimeNs, message.CapturedNs, message.Payload.Span);
        }
    }

    /// <summary>Records a message.</summary>
    /// <param name="channel">A channel of this writer.</param>
    /// <param name="sequence">The publisher's counter.</param>
    /// <param name="logTimeNs">When it is recorded, nanoseconds since the Unix epoch.</param>
    /// <param name="publishTimeNs">When it was published.</param>
    /// <param name="data">The payload, which is copied.</param>
    /// <exception cref="RecordingException">The file cannot be written; the message was not taken, earlier ones wait for the disk.</exception>
    public void Write(McapChannel channel, uint sequence, long logTimeNs, long publishTimeNs, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentOutOfRangeException.ThrowIfNegative(logTimeNs);
        ArgumentOutOfRangeException.ThrowIfNegative(publishTimeNs);
        lock (_gate)
        {
            ThrowIfEnded();
            ObjectDisposedException.ThrowIf(_closed, this);
            ChannelState state = StateOf(channel);
            if (_chunk.Length >= _options.ChunkBytes)
            {
                // The disk refused this chunk before: nothing more is taken until it does not.
                WriteChunk();
                ThrowIfEnded();
            }

            Append(state, sequence, logTimeNs, publishTimeNs, data);
            if (_chunk.Length >= _options.ChunkBytes)
            {
                TryWriteChunk();
            }
            else if (_chunkMessages == 1)
            {
                _timer.Change(_options.ChunkAge, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Puts a file into the recording. Not for large ones: it is copied once in memory.</summary>
    /// <exception cref="RecordingException">The file cannot be written.</exception>
    public void AddAttachment(McapAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (attachment.LogTimeNs == 0)
            {
                attachment = attachment with { LogTimeNs = (_options.Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100 };
            }

            McapRecords.WriteAttachment(_output, attachment);
            (long offset, int length) = (_position, _output.Length);
            WriteOut();
            _summary.AddAttachment(attachment, offset, length);
        }
    }

    /// <summary>Puts key-value pairs into the recording.</summary>
    /// <exception cref="RecordingException">The file cannot be written.</exception>
    public void AddMetadata(string name, IReadOnlyDictionary<string, string> entries)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(entries);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            McapRecords.WriteMetadata(_output, new McapMetadata(name, entries.ToImmutableDictionary()));
            (long offset, int length) = (_position, _output.Length);
            WriteOut();
            _summary.AddMetadata(name, offset, length);
        }
    }

    /// <summary>Writes the open chunk to the file now.</summary>
    /// <exception cref="RecordingException">The file cannot be written; the messages wait.</exception>
    public void Flush()
    {
        lock (_gate)
        {
            ThrowIfEnded();
            ObjectDisposedException.ThrowIf(_closed, this);
            WriteChunk();
        }
    }

    /// <summary>Writes what is left, the indexes and the statistics, and closes the file.</summary>
    /// <exception cref="RecordingException">They cannot be written: the file is readable up to the last chunk on the disk.</exception>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            try
            {
                WriteChunkOut();
                McapRecords.WriteDataEnd(_output, _crc.GetCurrentHashAsUInt32());
                WriteOut();
                _summary.Write(_output, _position, _schemas, _channels, _messages == 0 ? 0 : _startNs, _messages == 0 ? 0 : _endNs);
                WriteOut(toDisk: _options.FlushToDisk);
            }
            finally
            {
                _timer.Dispose();
                _codec.Dispose();
                if (!_leaveOpen)
                {
                    _stream.Dispose();
                }
            }
        }
    }

    private static McapWriterOptions Checked(McapWriterOptions options) =>
        options.ChunkBytes is < 1024 or > 1 << 30 ? throw new ConfigurationException($"A chunk holds 1024 to {1 << 30} bytes, found {options.ChunkBytes}.")
        : options.ZstdLevel is < 1 or > 19 ? throw new ConfigurationException($"The level of Zstandard is 1 to 19, found {options.ZstdLevel}.")
        : options.ChunkAge < TimeSpan.FromMilliseconds(1) || options.ChunkAge > TimeSpan.FromHours(1)
            ? throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"A chunk may become 1 ms to 1 h old, found {options.ChunkAge}."))
        : options;

    private void ThrowIfEnded()
    {
        if (_ended is { } why)
        {
            throw new RecordingException($"The recording ended: {why}");
        }
    }

    private McapChannel AddRosChannel(string topic, WireMessage message)
    {
        string schemaName = message.Schema;
        McapSchema schema = _schemas.Find(schema => schema.Name == schemaName && schema.Encoding == RosDefinitions.Encoding)
            ?? AddSchema(schemaName, RosDefinitions.Encoding, Encoding.UTF8.GetBytes(RosDefinitions.Of(schemaName)));

        McapChannel channel = AddChannel(topic, "cdr", schema, new Dictionary<string, string>
        {
            [RosQos.Key] = message.IsState ? RosQos.Latched : RosQos.Default,
            [RecordingTopics.StreamKey] = message.Stream,
        });
        _byTopic.Add(topic, channel);
        return channel;
    }

    private ChannelState StateOf(McapChannel channel)
    {
        int index = channel.Id - 1;
        return index >= 0 && index < _channels.Count && ReferenceEquals(_channels[index].Channel, channel)
            ? _channels[index]
            : throw new ArgumentException($"The channel of {channel.Topic} was not made by AddChannel of this writer.", nameof(channel));
    }

    private void Append(ChannelState state, uint sequence, long logTimeNs, long publishTimeNs, ReadOnlySpan<byte> data)
    {
        int before = _chunk.Length;
        try
        {
            if (!state.IsInChunk)
            {
                _chunk.WriteBytes(state.Record);
            }

            int offset = _chunk.Length;
            McapRecords.WriteMessage(_chunk, state.Channel.Id, sequence, logTimeNs, publishTimeNs, data);
            state.Add(logTimeNs, offset);
        }
        catch
        {
            _chunk.Cut(before);
            throw;
        }

        (_chunkStartNs, _chunkEndNs) = _chunkMessages++ == 0
            ? (logTimeNs, logTimeNs)
            : (Math.Min(_chunkStartNs, logTimeNs), Math.Max(_chunkEndNs, logTimeNs));
        (_startNs, _endNs) = (Math.Min(_startNs, logTimeNs), Math.Max(_endNs, logTimeNs));
        _messages++;
    }

    private void FlushOld()
    {
        lock (_gate)
        {
            if (!_closed && !TryWriteChunk())
            {
                _timer.Change(_options.ChunkAge, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>False when the disk refuses: the chunk waits, and the next message that is written fails with it.</summary>
    private bool TryWriteChunk()
    {
        try
        {
            WriteChunk();
            return true;
        }
        catch (RecordingException)
        {
            return false;
        }
    }

    /// <summary>Writes the chunk, unless the disk is almost full: then it is the last one, and the recording ends.</summary>
    private void WriteChunk()
    {
        string? full = _chunkMessages == 0 ? null : _disk?.WhyNoRoomFor(_chunk.Length + _options.ChunkBytes);
        if (full is null)
        {
            WriteChunkOut();
            return;
        }

        try
        {
            Dispose();
        }
        finally
        {
            _ended = full;
        }
    }

    private void WriteChunkOut()
    {
        if (_chunkMessages == 0)
        {
            return;
        }

        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        int record = _output.BeginRecord(McapFormat.Chunk);
        _output.WriteInt64(_chunkStartNs);
        _output.WriteInt64(_chunkEndNs);
        _output.WriteInt64(_chunk.Length);
        _output.WriteUInt32(Crc32.HashToUInt32(_chunk.Written));
        _output.WriteString(McapFormat.NameOf(_options.Compression));
        _output.WriteInt64(0);
        int records = _output.Length;
        int stored = _codec.Compress(_options.Compression, _chunk.Written, _output);
        _output.PatchInt64(records - sizeof(long), stored);
        _output.EndRecord(record);
        int length = _output.Length, indexes = 0;
        foreach (ChannelState state in _channels)
        {
            if (state.IsInChunk)
            {
                McapRecords.WriteMessageIndex(_output, state.Channel.Id, state.Index);
                indexes++;
            }
        }

        var entry = new ChunkEntry(
            _chunkStartNs, _chunkEndNs, _position, length, _output.Length - length, _options.Compression, stored, _chunk.Length, indexes);
        WriteOut(_options.FlushToDisk);
        long at = entry.Offset + length;
        foreach (ChannelState state in _channels)
        {
            if (state.IsInChunk)
            {
                _summary.AddMessageIndex(state.Channel.Id, at);
                at += McapFormat.RecordHead + 2 + 4 + (16L * state.Index.Length);
                state.ChunkWritten();
            }
        }

        _summary.AddChunk(entry);
        _chunk.Clear();
        _chunkMessages = 0;
    }

    /// <summary>Appends the output buffer to the file, all or nothing.</summary>
    private void WriteOut(bool toDisk = false)
    {
        try
        {
            _stream.Write(_output.Written);
            if (toDisk && _stream is FileStream file)
            {
                file.Flush(flushToDisk: true);
            }
            else
            {
                _stream.Flush();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _output.Clear();
            TakeBack();
            throw new RecordingException($"The recording cannot be written after {_position} bytes: {error.Message} Free space or record elsewhere.", error);
        }

        _crc.Append(_output.Written);
        _position += _output.Length;
        _output.Clear();
    }

    /// <summary>Removes what a failed write left behind the last good byte, so that the next one follows it.</summary>
    private void TakeBack()
    {
        try
        {
            _stream.SetLength(_position);
            _stream.Position = _position;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The write that comes next tells: a half record at the end is what readers of killed recordings skip.
        }
    }
}
