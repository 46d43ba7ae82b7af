using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>How encoded pictures become three channels of 8 bits.</summary>
/// <param name="rotation">Whether they are turned as they say.</param>
/// <param name="scaler">Brings samples of 16 bits to 8; null = 65535 becomes 255.</param>
public sealed class PictureReading(PictureRotation rotation = PictureRotation.Sensor, SampleScaler? scaler = null)
{
    /// <summary>As most pictures are read.</summary>
    public static PictureReading Plain { get; } = new();

    /// <summary>The samples that become 0 and 255; null = the whole range, or no picture of 16 bits was read yet.</summary>
    public (int Min, int Max)? Range => scaler?.Range;

    internal ImreadModes Mode => ImreadModes.Color
        | (rotation == PictureRotation.Exif ? 0 : ImreadModes.IgnoreOrientation) | (scaler is null ? 0 : ImreadModes.AnyDepth);

    /// <summary>Decodes a picture to BGR of 8 bits; dispose it. See <see cref="PictureDecoder.TryDecode"/>.</summary>
    internal bool TryDecode(ReadOnlySpan<byte> file, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Mat? picture, out string problem)
    {
        if (!PictureDecoder.TryDecode(file, Mode, out picture, out problem))
        {
            return false;
        }

        if (picture.Type() == MatType.CV_16UC3)
        {
            using Mat wide = picture;
            picture = Scaled(wide);
        }
        else if (picture.Type() != MatType.CV_8UC3)
        {
            problem = $"has samples of type {picture.Type()}: expected 8 or 16 bits";
            picture.Dispose();
            return false;
        }

        return true;
    }

    private unsafe Mat Scaled(Mat wide)
    {
        int length = checked((int)wide.Total() * 3);
        var samples = new ReadOnlySpan<ushort>((void*)wide.Data, length);
        scaler!.Look(samples);
        var picture = new Mat(wide.Rows, wide.Cols, MatType.CV_8UC3);
        scaler.Apply(samples, new Span<byte>((void*)picture.Data, length));
        return picture;
    }
}
