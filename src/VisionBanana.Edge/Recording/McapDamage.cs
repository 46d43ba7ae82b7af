namespace VisionBanana.Edge.Recording;

/// <summary>A part of a recording that cannot be read.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record McapDamage(long Offset, long Length, string Reason);
