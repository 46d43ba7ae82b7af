using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>One opened camera, video or folder, read by one thread.</summary>
internal interface IPictureReader : IDisposable
{
    /// <summary>Goes on to the next picture; false at the end of a file and when a live camera is lost.</summary>
    bool Grab();

    /// <summary>Decodes the picture into a matrix of three bytes per pixel; false when it is unreadable. May move the matrix to memory of its own.</summary>
    bool Retrieve(Mat picture);

    /// <summary>Makes a <see cref="Grab"/> that waits on another thread return false soon.</summary>
    void Abort();

    /// <summary>
    /// The time stamp that tells two equal pictures apart, in milliseconds; 0 = none: pictures that are compressed one by one
    /// are equal only when the camera repeats itself, whatever the stamps say (FFmpeg makes them up for MJPEG).
    /// </summary>
    double TimestampMs { get; }

    /// <summary>At the end: how many more pictures the file promised than could be read.</summary>
    int MissingCount { get; }

    /// <summary>Why a live camera was lost, after <see cref="Grab"/> returned false.</summary>
    string EndReason { get; }

    /// <summary>What the last picture was, for messages.</summary>
    string Current { get; }
}
