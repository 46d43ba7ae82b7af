using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>The side of a source that a <see cref="SourceLoop"/> works on.</summary>
internal interface ISourceFeed
{
    /// <summary>Its pictures.</summary>
    LeasePool<CameraFrame> Pool { get; }

    /// <summary>The calibration of every picture that brings none of its own.</summary>
    CameraIntrinsics? Intrinsics { get; }

    /// <summary>Says how the source is now.</summary>
    void Tell(string state);

    /// <summary>A picture was captured that is not published.</summary>
    void Lose(DropReason reason);
}
