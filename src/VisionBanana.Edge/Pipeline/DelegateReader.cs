using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Reads through a <see cref="PictureReader"/>, which waits for a picture and fills the pixels in one call.</summary>
internal sealed class DelegateReader(PictureReader read, int length, TimeProvider clock) : IPictureReader
{
    private long _count;
    private byte[]? _unseen;
    private CaptureTime _readAt;

    /// <summary>The code that fills pixels knows whether they are new: equal pictures are no sign of a camera that hangs.</summary>
    public double TimestampMs => _count;

    public string Current => $"picture {_count - 1}";

    public bool Grab() => true;

    public PictureOutcome Read(CameraFrame frame) => Fill(frame.Pixels);

    /// <summary>A camera goes on whether there is room or not.</summary>
    public PictureOutcome Skip() => Fill(_unseen ??= new byte[length]);

    /// <summary>The picture was taken while it was waited for.</summary>
    public void Label(CameraFrame frame) => frame.CapturedAt = _readAt;

    public void Dispose()
    {
    }

    private PictureOutcome Fill(Span<byte> pixels)
    {
        if (!read(pixels))
        {
            return PictureOutcome.End;
        }

        _count++;
        _readAt = CaptureTime.Now(clock);
        return PictureOutcome.Read;
    }
}
