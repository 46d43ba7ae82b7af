using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>One opened camera, video, folder or recording, read by one thread; see <see cref="ReaderSource"/>.</summary>
public interface IPictureReader : IDisposable
{
    /// <summary>
    /// The time stamp that tells two equal pictures apart, in milliseconds; 0 = none: pictures that are compressed one by one
    /// are equal only when the camera repeats itself, whatever the stamps say (FFmpeg makes them up for MJPEG).
    /// </summary>
    double TimestampMs => 0;

    /// <summary>How long to wait before the picture that was read is due; asked again after the wait. Zero = now.</summary>
    TimeSpan UntilDue => TimeSpan.Zero;

    /// <summary>At the end: how many more pictures the file promised than could be read.</summary>
    int MissingCount => 0;

    /// <summary>At the end of a file: what is to be said about it; empty = nothing.</summary>
    string Remark => "";

    /// <summary>Why a live camera was lost, after <see cref="Grab"/> returned false.</summary>
    string EndReason => "";

    /// <summary>What the last picture was, for messages.</summary>
    string Current { get; }

    /// <summary>Goes on to the next picture, waiting for it; false at the end of a file and when a live camera is lost.</summary>
    bool Grab();

    /// <summary>Decodes the picture into the pixels of a frame.</summary>
    PictureOutcome Read(CameraFrame frame);

    /// <summary>How many pictures came, since this was asked last, of which only a part arrived: they are counted, and not seen.</summary>
    int TakeUnreadable() => 0;

    /// <summary>Passes over the picture: there is no frame for it.</summary>
    PictureOutcome Skip() => PictureOutcome.Read;

    /// <summary>
    /// Called for a picture that was read and is published next. Number, time, coordinate frame and calibration are set as for a camera; a reader that
    /// knows better, as a recording does, sets its own.
    /// </summary>
    void Label(CameraFrame frame)
    {
    }

    /// <summary>Makes a <see cref="Grab"/> that waits on another thread return false soon.</summary>
    void Abort()
    {
    }
}
