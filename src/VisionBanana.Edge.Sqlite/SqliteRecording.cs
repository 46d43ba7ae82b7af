using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Sqlite;

/// <summary>
/// A <c>.db3</c> file of rosbag2: the tables <c>topics</c> and <c>messages</c>. What the file claims is not trusted: views and triggers are
/// refused, messages are measured before they are fetched, and SQLite's errors become ours.
/// </summary>
internal sealed class SqliteRecording : RecordingReader
{
    private const int MaxTopics = 10_000, MaxTextBytes = 1 << 20;

    private readonly string _path;
    private readonly McapReaderOptions _options;
    private readonly Dictionary<long, McapChannel> _byTopic = [];
    private readonly List<McapChannel> _channels = [];
    private readonly Dictionary<string, McapDamage> _damages = [];
    private readonly Lock _gate = new();

    private SqliteRecording(string path, McapReaderOptions options)
    {
        (_path, _options) = (path, options);
        using SqliteConnection connection = Connect();
        RequireTables(connection);
        ReadTopics(connection);
        Statistics = Count(connection);
    }

    public override IReadOnlyList<McapChannel> Channels => _channels;

    public override McapStatistics? Statistics { get; }

    public override McapRecovery Recovery
    {
        get
        {
            lock (_gate)
            {
                return new McapRecovery
                {
                    MessageCount = Statistics!.MessageCount,
                    LastMessageNs = Statistics.MessageCount > 0 ? Statistics.EndNs : null,
                    Damages = [.. _damages.Values],
                };
            }
        }
    }

    public static SqliteRecording Open(string path, McapReaderOptions options)
    {
        if (!File.Exists(path))
        {
            throw new RecordingException($"The recording '{path}' cannot be opened: there is no such file.");
        }

        try
        {
            return new SqliteRecording(path, options);
        }
        catch (SqliteException error)
        {
            throw Translated(path, error);
        }
    }

    public override IEnumerable<McapMessage> ReadMessages(McapReadOptions? options = null)
    {
        options ??= new McapReadOptions();
        using var rows = new SqliteRows(this, options);
        while (rows.TryNext() is { } message)
        {
            yield return message;
        }
    }

    /// <summary>Opens the database for reading alone.</summary>
    internal SqliteConnection Connect()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using SqliteCommand safety = connection.CreateCommand();
            safety.CommandText = "PRAGMA trusted_schema=OFF; PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA cache_size=-8192;";
            safety.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal McapChannel? ChannelOf(long topic) => _byTopic.GetValueOrDefault(topic);

    internal IEnumerable<long> TopicsOf(Func<McapChannel, bool> wanted) => _byTopic.Where(topic => wanted(topic.Value)).Select(topic => topic.Key);

    /// <summary>The largest message that is fetched.</summary>
    internal int MaxRecordBytes => _options.MaxRecordBytes;

    /// <summary>Tells of damage; throws unless it is to be passed over.</summary>
    internal void Tell(string reason)
    {
        lock (_gate)
        {
            _damages.TryAdd(reason, new McapDamage(0, 0, reason));
        }

        if (!_options.SkipDamagedChunks)
        {
            throw new MessageFormatException($"'{_path}': {reason}");
        }
    }

    protected override void Dispose(bool disposing)
    {
        // Connections live as long as a reading.
    }

    private static VisionBananaException Translated(string path, SqliteException error) => error.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_NOTADB => new MessageFormatException($"'{path}': expected a recording of rosbag2 in SQLite, found no database.", error),
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_FORMAT or SQLitePCL.raw.SQLITE_ERROR or SQLitePCL.raw.SQLITE_TOOBIG
            => new MessageFormatException($"'{path}' is damaged: {error.Message}", error),
        _ => new RecordingException($"The recording '{path}' cannot be read: {error.Message}", error),
    };

    private void RequireTables(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name IN ('topics', 'messages') AND sql NOT LIKE '%VIRTUAL%'";
        if ((long)command.ExecuteScalar()! != 2)
        {
            throw new MessageFormatException($"'{_path}': expected the tables topics and messages of rosbag2, found a database without them.");
        }
    }

    private void ReadTopics(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, name, type, serialization_format FROM topics "
            + $"WHERE typeof(id) = 'integer' AND length(name) + length(type) + length(serialization_format) <= {MaxTextBytes} ORDER BY id LIMIT "
                + $"{MaxTopics + 1}";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            if (_channels.Count == MaxTopics)
            {
                throw new MessageFormatException($"'{_path}' has more than {MaxTopics} topics.");
            }

            var id = (ushort)(_channels.Count + 1);
            var schema = new McapSchema(id, rows.GetString(2), "", ReadOnlyMemory<byte>.Empty);
            var channel = new McapChannel(id, rows.GetString(1), rows.GetString(3), schema, ImmutableDictionary<string, string>.Empty);
            _channels.Add(channel);
            _byTopic[rows.GetInt64(0)] = channel;
        }
    }

    private McapStatistics Count(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "SELECT topic_id, COUNT(*), MIN(timestamp), MAX(timestamp) FROM messages WHERE typeof(topic_id) = 'integer' AND typeof(timestamp) = 'integer' AND "
                + "timestamp >= 0 GROUP BY topic_id";
        ImmutableDictionary<ushort, long>.Builder counts = ImmutableDictionary.CreateBuilder<ushort, long>();
        long start = long.MaxValue, end = 0;
        try
        {
            using SqliteDataReader rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (ChannelOf(rows.GetInt64(0)) is { } channel)
                {
                    counts[channel.Id] = rows.GetInt64(1);
                    (start, end) = (Math.Min(start, rows.GetInt64(2)), Math.Max(end, rows.GetInt64(3)));
                }
            }
        }
        catch (SqliteException error) when (_options.SkipDamagedChunks)
        {
            Tell($"The messages cannot be counted: {error.Message}");
        }

        long messages = counts.Values.Sum();
        return new McapStatistics(messages, _channels.Count, _channels.Count, 0, 0, 0, messages == 0 ? 0 : start, end, counts.ToImmutable());
    }
}
