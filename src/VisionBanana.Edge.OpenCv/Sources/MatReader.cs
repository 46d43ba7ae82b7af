using Microsoft.Extensions.Logging;
using OpenCvSharp;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>A reader whose pictures OpenCV decodes into matrices, here those over the frames' own pixels.</summary>
internal abstract partial class MatReader(ILogger logger) : IPictureReader
{
    private readonly FrameMats _mats = new();

    public virtual double TimestampMs => 0;

    public virtual int MissingCount => 0;

    public virtual string EndReason => "";

    public virtual TimeSpan UntilDue => TimeSpan.Zero;

    public abstract string Current { get; }

    public abstract bool Grab();

    /// <summary>Decodes the picture into a matrix of three bytes per pixel; false when it is unreadable. May move the matrix to memory of its own.</summary>
    public abstract bool Retrieve(Mat picture);

    public PictureOutcome Read(CameraFrame frame)
    {
        try
        {
            Mat mat = _mats.Of(frame);
            return Retrieve(mat) && _mats.TryTakeIn(frame, mat) ? PictureOutcome.Read : PictureOutcome.Unreadable;
        }
        catch (OpenCVException e)
        {
            LogDecoderFailed(logger, Current, e);
            return PictureOutcome.Unreadable;
        }
    }

    public virtual void Label(CameraFrame frame)
    {
    }

    public void Dispose()
    {
        _mats.Dispose();
        Close();
    }

    /// <summary>Closes what is read from.</summary>
    protected virtual void Close()
    {
    }

    [LoggerMessage(LogLevel.Debug, "The decoder failed on {Picture}.")]
    private static partial void LogDecoderFailed(ILogger logger, string picture, Exception exception);
}
