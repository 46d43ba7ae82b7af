using System.Buffers;
using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Reads pictures into camera frames and writes what was made of them.</summary>
public static class PictureFile
{
    /// <summary>
    /// Reads a picture, in the orientation of the sensor unless told otherwise (a calibration describes the sensor), into a
    /// frame with sequence number 0. Dispose it.
    /// </summary>
    /// <param name="path">A JPEG, PNG, BMP, TIFF, WebP or PNM file.</param>
    /// <param name="intrinsics">The calibration, scaled to the picture when that has the same aspect ratio; null = unknown.</param>
    /// <param name="clock">Gives the capture time, the time of reading; null = the system's.</param>
    /// <param name="reading">Rotation and samples of 16 bits; null = as the sensor saw it, 65535 becomes 255.</param>
    /// <exception cref="CameraException">The file is missing, no picture, cut off, or of another aspect ratio than its calibration.</exception>
    public static CameraFrame Read(string path, CameraIntrinsics? intrinsics = null, TimeProvider? clock = null, PictureReading? reading = null)
    {
        byte[] file = Bytes(path);
        if (!(reading ?? PictureReading.Plain).TryDecode(file, out Mat? decoded, out string problem))
        {
            throw new CameraException($"The picture '{path}' {problem}.");
        }

        using Mat picture = decoded;
        CameraIntrinsics? scaled;
        try
        {
            scaled = intrinsics?.ScaledTo(picture.Width, picture.Height);
        }
        catch (CameraException e)
        {
            throw new CameraException($"'{path}': {e.Message}", e);
        }

        if (!CameraFrame.CreatePool(1, picture.Width, picture.Height, PixelFormat.Bgr8).TryRent(out CameraFrame? frame))
        {
            throw new InvalidOperationException("A new pool has a frame.");
        }

        using var mats = new FrameMats();
        picture.CopyTo(mats.Of(frame));
        frame.CapturedAt = CaptureTime.Now(clock ?? TimeProvider.System);
        frame.SequenceNumber = 0;
        frame.FrameId = "camera_optical_frame";
        frame.Intrinsics = scaled;
        return frame;
    }

    /// <summary>Reads a grey picture of 8 or 16 bits as it is stored: depth in units of the file's maker, ids of classes or objects.</summary>
    /// <param name="path">A PNG, TIFF or PNM file with one channel.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <returns>Height × Width samples, rows from the top.</returns>
    /// <exception cref="CameraException">The file is missing, no picture, cut off, or has more than one channel.</exception>
    public static ushort[] ReadGrey(string path, out int width, out int height)
    {
        using Mat picture = Decode(path, ImreadModes.Unchanged);
        if (picture.Channels() != 1 || picture.Depth() is not (MatType.CV_8U or MatType.CV_16U))
        {
            throw new CameraException(
                $"'{path}': expected a grey picture of 8 or 16 bits, "
                    + $"found {picture.Channels()} channels of type {picture.Type()}; save it as 16-bit grey PNG.");
        }

        using var wide = new Mat();
        picture.ConvertTo(wide, MatType.CV_16U);
        (width, height) = (wide.Width, wide.Height);
        return wide.GetArray(out ushort[] samples) ? samples : [];
    }

    /// <summary>Writes an RGB picture (Height × Width × 3 bytes) as PNG, or as JPEG of quality 92 when the name ends so.</summary>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void WriteRgb(string path, ReadOnlySpan<byte> rgb, int width, int height)
    {
        using var encoder = new OpenCvImageEncoder();
        var bytes = new ArrayBufferWriter<byte>();
        if (Path.GetExtension(path).ToUpperInvariant() is ".JPG" or ".JPEG")
        {
            encoder.EncodeJpeg(rgb, width, height, 92, bytes);
        }
        else
        {
            encoder.EncodePng(rgb, width, height, bytes);
        }

        Write(path, bytes.WrittenSpan);
    }

    /// <summary>Writes depth in metres (Height × Width) as a PNG of 16-bit millimetres; 0 = none, as for everything beyond 65.535 m.</summary>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void WriteDepth(string path, ReadOnlySpan<float> metres, int width, int height)
    {
        ushort[] millimetres = new ushort[metres.Length];
        DepthImage.ToMillimetres(metres, millimetres);
        using var encoder = new OpenCvImageEncoder();
        var bytes = new ArrayBufferWriter<byte>();
        encoder.EncodePng16(millimetres, width, height, bytes);
        Write(path, bytes.WrittenSpan);
    }

    /// <summary>
    /// Writes labels (Height × Width) as a grey PNG of their ids: 8 bits with 255 = unknown when every id is below 255,
    /// else 16 bits with 65535 = unknown.
    /// </summary>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void WriteLabels(string path, ReadOnlySpan<ushort> labels, int width, int height)
    {
        using var encoder = new OpenCvImageEncoder();
        var bytes = new ArrayBufferWriter<byte>();
        if (labels.ContainsAnyInRange<ushort>(255, LabelPlane.Unknown - 1))
        {
            encoder.EncodePng16(labels, width, height, bytes);
        }
        else
        {
            byte[] ids = new byte[labels.Length];
            PlaneConversion.ToBytes(labels, ids);
            encoder.EncodePng8(ids, width, height, bytes);
        }

        Write(path, bytes.WrittenSpan);
    }

    private static Mat Decode(string path, ImreadModes mode) => PictureDecoder.TryDecode(Bytes(path), mode, out Mat? picture, out string problem)
        ? picture
        : throw new CameraException($"The picture '{path}' {problem}.");

    private static byte[] Bytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        NativeOpenCv.Require();
        return SourceFiles.ReadPicture(path);
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"'{path}' cannot be written: {e.Message}", e);
        }
    }
}
