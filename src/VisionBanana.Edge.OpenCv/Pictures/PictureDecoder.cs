using System.Diagnostics.CodeAnalysis;
using OpenCvSharp;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// The one door for encoded pictures, wherever they come from. What the header claims is checked before anything is decoded, and no error of
/// OpenCV leaves it.
/// </summary>
internal static class PictureDecoder
{
    /// <summary>Longer files are refused: 256 MiB.</summary>
    public const int MostBytes = 1 << 28;

    /// <summary>Larger pictures are refused.</summary>
    public const long MostPixels = CameraFrame.MostPixels;

    /// <summary>Up to so many pixels any file may claim; beyond it must have a byte for every <see cref="MostPixelsPerByte"/>.</summary>
    public const long FreePixels = 1 << 24;

    /// <summary>No camera's picture is compressed further: a short file cannot ask for the memory of a large picture.</summary>
    public const long MostPixelsPerByte = 2048;

    /// <summary>Narrower pictures are refused: between one row and nothing there is no ray to interpolate.</summary>
    public const int LeastSide = 2;

    /// <summary>What is decoded.</summary>
    public const string Formats = "JPEG, PNG, BMP, TIFF, WebP, PNM";

    /// <summary>Decodes a picture; dispose it.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="mode">What it becomes.</param>
    /// <param name="picture">The picture; null when there is none.</param>
    /// <param name="problem">What is wrong, to follow on the name of the picture; empty when nothing is.</param>
    public static bool TryDecode(ReadOnlySpan<byte> file, ImreadModes mode, [NotNullWhen(true)] out Mat? picture, out string problem)
    {
        NativeOpenCv.Require();
        picture = null;
        problem = ProblemOf(file);
        if (problem.Length > 0)
        {
            return false;
        }

        try
        {
            Mat decoded = Cv2.ImDecode(file, mode);
            if (!decoded.Empty())
            {
                picture = decoded;
                return true;
            }

            decoded.Dispose();
            problem = $"is damaged: its {file.Length} bytes begin like a picture but cannot be decoded";
        }
        catch (Exception e) when (e is OpenCVException or OpenCvSharpException or ArgumentException)
        {
            problem = $"is damaged: the decoder says '{e.Message}'";
        }

        return false;
    }

    private static string ProblemOf(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty)
        {
            return "is empty";
        }

        if (file.Length > MostBytes)
        {
            return $"has {file.Length} bytes, more than the {MostBytes} that are decoded";
        }

        if (!PictureHeader.TryReadSize(file, out long width, out long height))
        {
            return $"is no picture that can be decoded ({Formats}): {file.Length} bytes without the size of one";
        }

        if (width < LeastSide || height < LeastSide || width > MostPixels / height)
        {
            return $"claims {width}×{height} pixels: expected sides of at least {LeastSide}, and at most {MostPixels} in all";
        }

        if (width * height > FreePixels && width * height > file.Length * MostPixelsPerByte)
        {
            return $"claims {width}×{height} pixels in {file.Length} bytes: no picture is compressed so far";
        }

        return PictureBytes.AreComplete(file) ? "" : "is cut off: its end is missing";
    }
}
