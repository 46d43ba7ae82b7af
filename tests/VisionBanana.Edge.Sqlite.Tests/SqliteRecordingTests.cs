using Microsoft.Data.Sqlite;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Sqlite.Tests;

public sealed class SqliteRecordingTests : IDisposable
{
    private static readonly McapReaderOptions Lenient = new() { SkipDamagedChunks = true };
    private static readonly IRecordingFormat[] Formats = [new SqliteRecordingFormat()];

    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-db3-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ReadMessages_AsRosbag2WroteThem_ComeByTimeWithTheirTopics(bool withIndex)
    {
        string path = PathOf("bag_0.db3");
        Write(path, [("/b", 30, [3]), ("/a", 10, [1]), ("/b", 20, [2, 2]), ("/a", 40, [])], withIndex ? "CREATE INDEX timestamp_idx ON messages (timestamp "
            + "ASC);" : "");
        Assert.True(RecordingFiles.IsRecording(path));
        using RecordingReader reader = RecordingFiles.Open(path, formats: Formats);
        Assert.Equal(["/a 10 01", "/b 20 0202", "/b 30 03", "/a 40 "], Read(reader));
        Assert.Equal(["/b 30 03", "/a 10 01", "/b 20 0202", "/a 40 "], Read(reader, new McapReadOptions { InFileOrder = true }));
        Assert.Equal(["/b 20 0202"], Read(reader, new McapReadOptions { Channels = c => c.Topic == "/b", StartNs = 15, EndNs = 30 }));
        Assert.Equal((4, 10, 40), (reader.Statistics!.MessageCount, reader.Statistics.StartNs, reader.Statistics.EndNs));
        Assert.All(reader.Channels, c => Assert.Equal(("cdr", "sensor_msgs/msg/Image"), (c.MessageEncoding, c.Schema!.Name)));
        Assert.True(reader.Recovery.IsComplete);
    }

    [Fact]
    public void Frames_OfABagFolder_AreThePicturesWithTheirCalibration()
    {
        byte[] Picture(int second) => RosMessage.Encode(new Image(new Header(new Time(second, 0), "c"), 2, 2, "mono8", false, 2, new byte[] { 1, 2, 3, 4 }));
        byte[] info = RosMessage.Encode(CameraInfo.From(new CameraIntrinsics(2, 2, 3, 3, 0.5, 0.5), new Header(new Time(1, 0), "c")));
        Write(PathOf("bag_0.db3"), [("/cam/camera_info", 5, info), ("/cam/image_raw", 10, Picture(1)), ("/cam/image_raw", 20, Picture(2))], "");
        File.WriteAllText(
            PathOf("metadata.yaml"), "rosbag2_bagfile_information:\n  version: 4\n  storage_identifier: sqlite3\n  relative_file_paths:\n    - bag_0.db3\n");
        using RecordingSource source = RecordingSource.Open(RecordingFiles.Open(_folder, Lenient, Formats));
        var pictures = new List<(long Ns, double? Focal, string Pixels)>();
        using var ended = new ManualResetEventSlim();
        using IDisposable subscription = source.Frames.Subscribe(
            frame => pictures.Add((frame.CapturedAt.UtcNs, frame.Intrinsics?.Fx, Convert.ToHexString(frame.Pixels[..6]))), ended.Set);
        Assert.True(ended.Wait(TimeSpan.FromSeconds(20)));
        Assert.Equal([(1_000_000_000, 3, "010101020202"), (2_000_000_000, 3, "010101020202")], pictures);
    }

    [Fact]
    public void Open_NoDatabaseOrAnotherOne_SaysWhatWasExpected()
    {
        File.WriteAllText(PathOf("a.db3"), "this is no database, but it is long enough to be taken for one that begins so, if nobody looks");
        Assert.Contains("found no database", Assert.Throws<MessageFormatException>(
            () => RecordingFiles.Open(PathOf("a.db3"), formats: Formats)).Message, StringComparison.Ordinal);
        Execute(PathOf("b.db3"), "CREATE TABLE other (id INTEGER);");
        Assert.Contains("topics and messages", Assert.Throws<MessageFormatException>(
            () => RecordingFiles.Open(PathOf("b.db3"), formats: Formats)).Message, StringComparison.Ordinal);
        Assert.Throws<RecordingException>(() => RecordingFiles.Open(PathOf("none.db3"), formats: Formats));
    }

    [Fact]
    public void Open_ViewsInsteadOfTables_AreRefused()
    {
        const string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)";
        Execute(PathOf("v.db3"), $"""
            CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT, type TEXT, serialization_format TEXT);
            CREATE VIEW messages AS {endless} SELECT x AS id, 1 AS topic_id, x AS timestamp, zeroblob(1000000) AS data FROM n;
            """);
        Assert.Throws<MessageFormatException>(() => RecordingFiles.Open(PathOf("v.db3"), formats: Formats));
    }

    [Fact]
    public void ReadMessages_RowsThatMakeNoSense_AreToldAndTheOthersAreRead()
    {
        string path = PathOf("odd.db3");
        Write(path, [("/a", 10, [1]), ("/a", 20, new byte[3000]), ("/a", 30, [3])], """
            INSERT INTO messages (topic_id, timestamp, data) VALUES (77, 15, x'00');
            INSERT INTO messages (topic_id, timestamp, data) VALUES (1, 'noon', x'00');
            INSERT INTO messages (topic_id, timestamp, data) VALUES (1, -5, x'00');
            INSERT INTO messages (topic_id, timestamp, data) VALUES (1, 25, 'text');
            """);
        using RecordingReader reader = RecordingFiles.Open(path, Lenient with { MaxRecordBytes = 2000 }, Formats);
        Assert.Equal(["/a 10 01", "/a 30 03"], Read(reader));
        Assert.Equal(2, reader.Recovery.Damages.Length);
        using RecordingReader strict = RecordingFiles.Open(path, new McapReaderOptions { MaxRecordBytes = 2000 }, Formats);
        Assert.Throws<MessageFormatException>(() => Read(strict));
    }

    [Fact]
    public void ReadMessages_RandomDamage_OnlyOurExceptions()
    {
        string path = PathOf("sound.db3"), damaged = PathOf("damaged.db3");
        Write(path, [.. Enumerable.Range(0, 200).Select(i => ("/a", (long)i, new byte[i * 10]))], "CREATE INDEX timestamp_idx ON messages (timestamp ASC);");
        byte[] sound = File.ReadAllBytes(path);
        var random = new Random(5);
        int told = 0;
        for (int i = 0; i < 150; i++)
        {
            byte[] bytes = [.. sound];
            for (int n = random.Next(1, 30); n > 0; n--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(damaged, i % 10 == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                using RecordingReader reader = RecordingFiles.Open(damaged, Lenient, Formats);
                Assert.InRange(Read(reader).Count, 0, 1000);
                told += reader.Recovery.IsComplete ? 0 : 1;
            }
            catch (VisionBananaException)
            {
                told++;
            }
        }

        Assert.InRange(told, 5, 150);
    }

    private static List<string> Read(RecordingReader reader, McapReadOptions? options = null) =>
        [.. reader.ReadMessages(options).Take(1001).Select(m => $"{m.Channel.Topic} {m.LogTimeNs} {Convert.ToHexString(m.Data.Span)}")];

    /// <summary>The tables of rosbag2 (schema version 3 and before).</summary>
    private static void Write(string path, (string Topic, long TimeNs, byte[] Data)[] messages, string more)
    {
        string[] topics = [.. messages.Select(m => m.Topic).Distinct()];
        string inserts = string.Concat(topics.Select((t, i) =>
            $"INSERT INTO topics VALUES ({i + 1}, '{t}', 'sensor_msgs/msg/{(t.EndsWith("info", StringComparison.Ordinal) ? "CameraInfo" : "Image")}', 'cdr', "
                + "'');"));
        string rows = string.Concat(messages.Select(m =>
            "INSERT INTO messages (topic_id, timestamp, data) "
                + $"VALUES ({Array.IndexOf(topics, m.Topic) + 1}, {m.TimeNs}, x'{Convert.ToHexString(m.Data)}');"));
        const string texts = "name TEXT NOT NULL, type TEXT NOT NULL, serialization_format TEXT NOT NULL, offered_qos_profiles TEXT NOT NULL";
        Execute(path, $"""
            CREATE TABLE topics (id INTEGER PRIMARY KEY, {texts});
            CREATE TABLE messages (id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, timestamp INTEGER NOT NULL, data BLOB NOT NULL);
            {inserts}
            {rows}
            {more}
            """);
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
