using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Sqlite;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>What is read beside MCAP.</summary>
internal static class RecordingFormats
{
    public static IReadOnlyList<IRecordingFormat> All { get; } = [new SqliteRecordingFormat()];
}
