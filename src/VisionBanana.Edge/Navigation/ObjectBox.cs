using System.Numerics;

namespace VisionBanana.Edge.Navigation;

/// <summary>A box along the axes of a frame, metres.</summary>
/// <param name="Centre">Its middle.</param>
/// <param name="Size">Its edges along x, y and z.</param>
public readonly record struct ObjectBox(Vector3 Centre, Vector3 Size);
