namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>What the user wants recorded.</summary>
/// <param name="Path">The MCAP file.</param>
/// <param name="IncludeSource">Also the camera's pictures, without loss.</param>
internal sealed record RecordingRequest(string Path, bool IncludeSource);
