using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>What the user wants recorded.</summary>
/// <param name="Path">The MCAP file.</param>
/// <param name="IncludeSource">Also the camera's pictures, without loss.</param>
/// <param name="KeepFreeMb">The recording ends before less than this is free on its disk; null = the default.</param>
internal sealed record RecordingRequest(string Path, bool IncludeSource, double? KeepFreeMb = null)
{
    /// <summary>How the file is written.</summary>
    public McapWriterOptions Writer => KeepFreeMb is { } free ? new McapWriterOptions { KeepFreeBytes = (long)(free * (1 << 20)) } : new McapWriterOptions();
}
