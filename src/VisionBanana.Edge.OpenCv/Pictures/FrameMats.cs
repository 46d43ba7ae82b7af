using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenCvSharp;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Matrix headers over the pinned pixels of pooled frames, made once per frame so that reading allocates nothing.</summary>
internal sealed class FrameMats : IDisposable
{
    // Weak: a frame that somebody leaked must still be found by the leak detector.
    private readonly ConditionalWeakTable<CameraFrame, Mat> _mats = [];

    /// <summary>The header of the frame's own pixels.</summary>
    public Mat Of(CameraFrame frame)
    {
        if (!_mats.TryGetValue(frame, out Mat? mat))
        {
            mat = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, Address(frame));
            _mats.Add(frame, mat);
        }

        return mat;
    }

    /// <summary>
    /// Makes sure that what was decoded into <see cref="Of"/> lies in the frame: OpenCV moves the matrix to memory of its own
    /// when the picture has another shape. False when it is another size.
    /// </summary>
    public bool TryTakeIn(CameraFrame frame, Mat decoded)
    {
        if (decoded.Data == Address(frame))
        {
            return true;
        }

        using Mat moved = decoded;
        _mats.Remove(frame);
        return TryCopy(moved, frame);
    }

    /// <summary>Copies a decoded picture into the frame; false when it has another size or no pixels.</summary>
    public bool TryCopy(Mat decoded, CameraFrame frame)
    {
        if (decoded.Width != frame.Width || decoded.Height != frame.Height || decoded.Type() != MatType.CV_8UC3)
        {
            return false;
        }

        decoded.CopyTo(Of(frame));
        return true;
    }

    public void Dispose()
    {
        foreach ((_, Mat mat) in _mats)
        {
            mat.Dispose();
        }

        _mats.Clear();
    }

    private static unsafe nint Address(CameraFrame frame) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(frame.Pixels));
}
