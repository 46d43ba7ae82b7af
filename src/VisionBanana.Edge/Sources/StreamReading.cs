namespace VisionBanana.Edge.Sources;

/// <summary>What opening a stream has found out about how it must be read.</summary>
/// <param name="IsMotionJpeg">Every picture is a JPEG of its own: one that arrived in part is an error, not a picture.</param>
/// <param name="IsShort">It ended before a reader without buffer saw a picture.</param>
internal readonly record struct StreamReading(bool IsMotionJpeg = false, bool IsShort = false);
