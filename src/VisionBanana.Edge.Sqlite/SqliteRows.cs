using System.Globalization;
using Microsoft.Data.Sqlite;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Sqlite;

/// <summary>One reading of the messages of a database.</summary>
internal sealed class SqliteRows : IDisposable
{
    private readonly SqliteRecording _recording;
    private readonly McapReadOptions _options;
    private SqliteConnection? _connection;
    private SqliteCommand? _command;
    private SqliteDataReader? _rows;
    private byte[] _payload = [];
    private uint _sequence;

    public SqliteRows(SqliteRecording recording, McapReadOptions options) => (_recording, _options) = (recording, options);

    /// <summary>The next message, or null at the end; the payload is valid until the next call.</summary>
    public McapMessage? TryNext()
    {
        try
        {
            _rows ??= Begin();
            while (_rows.Read())
            {
                if (Current() is { } message)
                {
                    return message;
                }
            }
        }
        catch (SqliteException error)
        {
            _recording.Tell($"The messages behind the {_sequence}th cannot be read: {error.Message}");
        }

        return null;
    }

    public void Dispose()
    {
        _rows?.Dispose();
        _command?.Dispose();
        _connection?.Dispose();
    }

    private SqliteDataReader Begin()
    {
        _connection = _recording.Connect();
        _command = _connection.CreateCommand();
        string topics = _options.Channels is { } wanted
            ? $"AND topic_id IN ({string.Join(',', _recording.TopicsOf(wanted).Select(id => id.ToString(CultureInfo.InvariantCulture)))})"
            : "";
        const string sound = "typeof(topic_id) = 'integer' AND typeof(timestamp) = 'integer' AND typeof(data) IN ('blob', 'null')";
        _command.CommandText = $"""
            SELECT topic_id, timestamp, length(data), rowid FROM messages
            WHERE {sound} AND timestamp >= $start AND timestamp < $end {topics}
            ORDER BY {(_options.InFileOrder ? "rowid" : "timestamp, rowid")}
            """;
        _command.Parameters.AddWithValue("$start", _options.StartNs);
        _command.Parameters.AddWithValue("$end", _options.EndNs);
        return _command.ExecuteReader();
    }

    private McapMessage? Current()
    {
        long topic = _rows!.GetInt64(0), timestamp = _rows.GetInt64(1), length = _rows.IsDBNull(2) ? 0 : _rows.GetInt64(2), row = _rows.GetInt64(3);
        _sequence++;
        if (_recording.ChannelOf(topic) is not { } channel)
        {
            _recording.Tell($"There are messages of the topic {topic}, which the table of topics does not have.");
            return null;
        }

        if (length > _recording.MaxRecordBytes)
        {
            _recording.Tell($"The message in row {row} has {length} bytes; {nameof(McapReaderOptions.MaxRecordBytes)} allows {_recording.MaxRecordBytes}.");
            return null;
        }

        if (_payload.Length < length)
        {
            _payload = GC.AllocateUninitializedArray<byte>((int)length);
        }

        return TryFetch(row, (int)length) ? new McapMessage(channel, _sequence, timestamp, timestamp, _payload.AsMemory(0, (int)length)) : null;
    }

    /// <summary>Fetches a payload on its own: rows that are sorted do not carry it through the sorter, and a damaged one costs itself alone.</summary>
    private bool TryFetch(long row, int length)
    {
        if (length == 0)
        {
            return true;
        }

        try
        {
            using var blob = new SqliteBlob(_connection!, "messages", "data", row, readOnly: true);
            blob.ReadExactly(_payload, 0, length);
            return true;
        }
        catch (Exception error) when (error is SqliteException or EndOfStreamException)
        {
            _recording.Tell($"The message in row {row} cannot be read: {error.Message}");
            return false;
        }
    }
}
