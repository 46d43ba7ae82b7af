namespace VisionBanana.Edge.Perception;

/// <summary>What one camera got of a <see cref="SharedPainter"/>.</summary>
/// <param name="Camera">The camera's name.</param>
/// <param name="Pictures">Pictures that were painted, or failed, for it.</param>
/// <param name="Painting">How long the painter worked for it.</param>
/// <param name="Waiting">How long its pictures waited for their turn.</param>
public sealed record PainterShare(string Camera, long Pictures, TimeSpan Painting, TimeSpan Waiting);
