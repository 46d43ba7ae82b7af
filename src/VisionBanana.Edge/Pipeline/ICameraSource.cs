using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Where pictures come from: a device, a stream, a video file, a folder of images. Everything that can be checked was
/// checked when it was opened. All pictures have one size and format. Disposing closes what it holds open; subscriptions end before.
/// </summary>
public interface ICameraSource : IDisposable
{
    /// <summary>
    /// The pictures, cold: each subscription starts the source anew on a thread of its own, and disposing it stops that thread.
    /// Inside <c>OnNext</c> a picture is borrowed (see <see cref="Lease"/>); <c>OnNext</c> may block, which holds a file back
    /// and makes a live camera lose pictures. Ends when a file ends; fails with <see cref="CameraException"/> when
    /// the source is gone for good.
    /// </summary>
    IObservable<CameraFrame> Frames { get; }

    /// <summary>
    /// Raised for every picture that was captured but is not among <see cref="Frames"/>, with the reason, on the thread of the subscription.
    /// A source that loses none need not implement it.
    /// </summary>
    event Action<DropReason>? Lost
    {
        add { }
        remove { }
    }

    /// <summary>True for cameras and streams: pictures appear whether somebody waits or not. False for files: they wait for the pipeline.</summary>
    bool IsLive { get; }

    /// <summary>Pixels per row.</summary>
    int Width { get; }

    /// <summary>Rows.</summary>
    int Height { get; }

    /// <summary>Channel order of the pictures.</summary>
    PixelFormat Format { get; }

    /// <summary>The calibration every picture carries; null = unknown, no metric claim.</summary>
    CameraIntrinsics? Intrinsics { get; }

    /// <summary>Why a calibration that was found cannot be used; null = none was found, or it can.</summary>
    string? CalibrationProblem => null;

    /// <summary>Nominal rate in Hz; null when the source does not say.</summary>
    double? FramesPerSecond { get; }

    /// <summary>What it is, in one line for people, e.g. <c>video vtest.avi, 768×576, 10 Hz</c>.</summary>
    string Description { get; }

    /// <summary>How it is now, in one line for people, e.g. <c>running</c> or <c>reconnecting in 4 s: connection refused</c>.</summary>
    string State { get; }
}
