using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Sqlite;

/// <summary>Recordings that rosbag2 wrote into SQLite, its default up to ROS 2 Humble; read only. Give it to <see cref="RecordingFiles"/>.</summary>
public sealed class SqliteRecordingFormat : IRecordingFormat
{
    /// <inheritdoc/>
    public string Extension => ".db3";

    /// <inheritdoc/>
    public RecordingReader Open(string path, McapReaderOptions options) => SqliteRecording.Open(path, options);
}
