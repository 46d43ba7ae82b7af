namespace VisionBanana.Edge.Scale;

/// <summary>How the scale of a camera's depth stands.</summary>
/// <param name="Estimate">That of the newest picture.</param>
/// <param name="Scenes">How many scenes began: 1, and one more for every cut.</param>
/// <param name="Anchors">How every anchor fared.</param>
public sealed record ScaleReport(ScaleEstimate Estimate, long Scenes, IReadOnlyList<AnchorReport> Anchors);

/// <summary>How an anchor fared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Used">In how many pictures it counted.</param>
/// <param name="Refused">In how many it did not, by reason.</param>
public sealed record AnchorReport(string Name, long Used, IReadOnlyDictionary<AnchorRefusal, long> Refused);
