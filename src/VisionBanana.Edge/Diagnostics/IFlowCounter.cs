namespace VisionBanana.Edge.Diagnostics;

/// <summary>
/// Counts what becomes of pictures. Every attempt at a picture is captured once; it is then handed to the sinks
/// or dropped with exactly one reason.
/// </summary>
public interface IFlowCounter
{
    /// <summary>A picture was delivered by the source, readable or not.</summary>
    void Captured();

    /// <summary>A captured picture ended before it reached the sinks.</summary>
    void Dropped(DropReason reason);
}
