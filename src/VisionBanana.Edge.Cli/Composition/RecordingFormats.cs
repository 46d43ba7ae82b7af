using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Sqlite;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>What the tool reads beside MCAP.</summary>
internal static class RecordingFormats
{
    public static IReadOnlyList<IRecordingFormat> All { get; } = [new SqliteRecordingFormat()];
}
