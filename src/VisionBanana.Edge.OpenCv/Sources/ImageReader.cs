using Microsoft.Extensions.Logging;
using OpenCvSharp;
using VisionBanana.Edge.OpenCv.Pictures;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Reads one picture file after the other.</summary>
internal sealed class ImageReader(IReadOnlyList<string> paths, PictureReading reading, ILogger logger) : MatReader(logger)
{
    private int _next;

    public override string Current => paths[Math.Max(_next - 1, 0)];

    public override bool Grab()
    {
        if (_next == paths.Count)
        {
            return false;
        }

        _next++;
        return true;
    }

    public override bool Retrieve(Mat picture)
    {
        byte[] bytes;
        try
        {
            bytes = SourceFiles.ReadPicture(Current);
        }
        catch (CameraException)
        {
            return false;
        }

        if (!reading.TryDecode(bytes, out Mat? decoded, out _))
        {
            return false;
        }

        using Mat taken = decoded;

        // Lands in the frame when sizes agree; otherwise in memory of its own, which the caller refuses.
        taken.CopyTo(picture);
        return true;
    }
}
