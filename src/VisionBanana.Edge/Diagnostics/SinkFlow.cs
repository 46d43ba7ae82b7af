namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// Where the captured pictures are, seen from one sink. The law:
/// <c>Captured = Published + Σ Dropped + InFlight</c>.
/// </summary>
/// <param name="Name">The sink.</param>
/// <param name="Captured">Pictures the source delivered, readable or not.</param>
/// <param name="Published">Pictures of which every message was sent.</param>
/// <param name="Dropped">Pictures lost on the way to this sink, by reason.</param>
/// <param name="InFlight">Pictures between source and sink, counted on their way, not computed from the others.</param>
public sealed record SinkFlow(
    string Name, long Captured, long Published, IReadOnlyDictionary<DropReason, long> Dropped, long InFlight)
{
    /// <summary>True when the law holds.</summary>
    public bool IsBalanced => Captured == Published + Dropped.Values.Sum() + InFlight;
}
