using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>One picture between the stages of a <see cref="Perceiver"/>. Given back, it gives back what it still holds.</summary>
internal sealed class PictureInWork(LeasePool<PictureInWork> pool) : Lease
{
    /// <summary>What was rectified and is painted; the result once it was taken out.</summary>
    public PerceptionFrame? Frame { get; set; }

    /// <summary>The camera's picture, retained; null when nothing more is read from it.</summary>
    public CameraFrame? Source { get; set; }

    /// <summary>The tables of the camera that took it.</summary>
    public CameraSetup? Setup { get; set; }

    /// <summary>What was asked of it.</summary>
    public IReadOnlyList<Instruction> Due { get; set; } = [];

    /// <summary>Hands the result over, with its reference.</summary>
    public PerceptionFrame Take()
    {
        PerceptionFrame frame = Frame!;
        Frame = null;
        return frame;
    }

    /// <inheritdoc/>
    protected override void OnReturned()
    {
        Frame?.Dispose();
        Source?.Dispose();
        (Frame, Source, Setup, Due) = (null, null, null, []);
        pool.Return(this);
    }
}
