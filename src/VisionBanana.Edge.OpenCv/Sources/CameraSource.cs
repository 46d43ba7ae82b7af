using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>
/// Opens cameras and what stands in for them. Everything that can be checked is checked here: that the source exists, that one
/// picture can be read, that the calibration is for pictures of this size. Pictures are BGR, from streams RGB. Pictures keep the orientation of the
/// sensor (EXIF and rotation tags are not applied), because that is what a calibration describes.
/// </summary>
public static class CameraSource
{
    private static readonly VideoStreamKind Stream = new();
    private static readonly VideoDevice Device = new();
    private static readonly ImageFolder Folder = new();
    private static readonly VideoFile Video = new();

    /// <summary>What this library opens, in the order in which an address is looked at.</summary>
    public static IReadOnlyList<SourceKind> Kinds { get; } = [new ProgramKind(), Stream, Device, Folder, new PictureFile(), Video];

    /// <summary>
    /// Opens what the text names: a program (<c>exec:…</c>), a URL (<c>rtsp://…</c>, <c>http://…</c>), a device (<c>/dev/video0</c> or its index <c>0</c>),
    /// a folder of pictures, a picture, or a video file.
    /// </summary>
    /// <exception cref="CameraException">It cannot be opened; the message says why and what to do.</exception>
    public static ICameraSource Open(string source, CameraSourceOptions? options = null) => new SourceTable(Kinds).Open(source, options);

    /// <summary>Opens a video file. A file waits for the pipeline; nothing of it is lost.</summary>
    /// <exception cref="CameraException">It is missing, no video, or holds no readable picture.</exception>
    public static ICameraSource OpenVideo(string path, CameraSourceOptions? options = null) => Video.Open(path, options);

    /// <summary>Opens a folder: its JPEG, PNG, BMP, TIFF, WebP and PGM/PPM files, sorted by name with numbers in them compared as numbers.</summary>
    /// <exception cref="CameraException">It is missing or holds no readable picture.</exception>
    public static ICameraSource OpenFolder(string folder, CameraSourceOptions? options = null) => Folder.Open(folder, options);

    /// <summary>Opens a list of pictures in the given order.</summary>
    /// <exception cref="CameraException">One is missing, or none is readable.</exception>
    public static ICameraSource OpenPictures(IReadOnlyList<string> paths, CameraSourceOptions? options = null) =>
        new PictureList(paths).Open("list", options);

    /// <summary>Opens a V4L2 camera by path or index.</summary>
    /// <exception cref="CameraException">There is no such device, it may not be read, or it does not deliver what was asked for.</exception>
    public static ICameraSource OpenDevice(string device, CameraSourceOptions? options = null) => Device.Open(device, options);

    /// <summary>
    /// Opens a network stream with the <c>ffmpeg</c> program, because the FFmpeg inside the OpenCV package is built without network.
    /// When it is lost later it is connected again, with pauses of 0.5 s to 10 s.
    /// </summary>
    /// <exception cref="CameraException">There is no ffmpeg, the stream cannot be connected, or it delivers no picture.</exception>
    public static ICameraSource OpenStream(string url, CameraSourceOptions? options = null) => Stream.Open(url, options);
}
