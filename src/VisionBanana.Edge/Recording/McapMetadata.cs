using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>Key-value pairs about a recording.</summary>
/// <param name="Name">What they are about, e.g. <c>visionbanana</c>.</param>
/// <param name="Entries">The pairs.</param>
public sealed record McapMetadata(string Name, ImmutableDictionary<string, string> Entries);
