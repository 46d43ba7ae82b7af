using System.Collections.Immutable;
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
    private readonly Lock _gate = new();
    private readonly RecordingOutput _file;
    private readonly McapWriterOptions _options;
    private readonly ChunkCodec _codec;
    private readonly McapSummaryBuilder _summary = new();
    private readonly List<McapSchema> _schemas = [];
    private readonly List<ChannelState> _channels = [];
    private readonly Dictionary<string, McapChannel> _byTopic = new(StringComparer.Ordinal);
    private readonly RecordBuffer _output = new(4096);
    private readonly OpenChunk _chunk;
    private readonly ITimer _timer;
    private long _startNs = long.MaxValue, _endNs = long.MinValue, _messages;
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
        _options = (options ?? new McapWriterOptions()).Checked();
        _file = new RecordingOutput(stream, leaveOpen);
        _codec = new ChunkCodec(_options.ZstdLevel);
        _chunk = new OpenChunk(_options.ChunkBytes);
        _timer = _options.Clock.CreateTimer(static writer => ((McapWriter)writer!).FlushOld(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _output.WriteBytes(McapFormat.Magic);
        McapRecords.WriteHeader(_output, _options.Profile, Library);
        _file.Write(_output);
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
                return _file.Position;
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
        options = (options ?? new McapWriterOptions()).Checked();
        var disk = new DiskSpace(path, options.KeepFreeBytes);
        if (disk.WhyNoRoomFor(options.ChunkBytes) is { } full)
        {
            throw new RecordingException($"The recording '{path}' was not begun: {full}");
        }

        FileStream stream = RecordingOutput.CreateFile(path, options.Overwrite);
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
            else if ((channel.Schema?.Name ?? "") != message.Schema)
            {
                throw new ConfigurationException($"The topic {topic} carries {channel.Schema?.Name ?? "JSON"}; {message.Schema} needs a topic of its own.");
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
            else if (_chunk.MessageCount == 1)
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
            (long offset, int length) = (_file.Position, _output.Length);
            _file.Write(_output);
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
            (long offset, int length) = (_file.Position, _output.Length);
            _file.Write(_output);
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
                McapRecords.WriteDataEnd(_output, _file.Crc);
                _file.Write(_output);
                _summary.Write(_output, _file.Position, _schemas, _channels, _messages == 0 ? 0 : _startNs, _messages == 0 ? 0 : _endNs);
                _file.Write(_output, _options.FlushToDisk);
            }
            finally
            {
                _timer.Dispose();
                _codec.Dispose();
                _file.Dispose();
            }
        }
    }

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
        McapSchema? schema = schemaName.Length == 0 ? null : _schemas.Find(schema => schema.Name == schemaName && schema.Encoding == RosDefinitions.Encoding)
            ?? AddSchema(schemaName, RosDefinitions.Encoding, Encoding.UTF8.GetBytes(RosDefinitions.Of(schemaName)));

        McapChannel channel = AddChannel(topic, schema is null ? "json" : "cdr", schema, new Dictionary<string, string>
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
        _chunk.Append(state, sequence, logTimeNs, publishTimeNs, data);
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
        string? full = _chunk.MessageCount == 0 ? null : _disk?.WhyNoRoomFor(_chunk.Length + _options.ChunkBytes);
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
        if (_chunk.MessageCount == 0)
        {
            return;
        }

        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        ChunkEntry entry = _chunk.WriteTo(_output, _file.Position, _options.Compression, _codec, _channels);
        _file.Write(_output, _options.FlushToDisk);
        long at = entry.Offset + entry.Length;
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
    }
}
