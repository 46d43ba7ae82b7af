using System.Globalization;
using OpenCvSharp;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>V4L2 cameras.</summary>
internal sealed class VideoDevice : OpenCvKind
{
    public override string Name => "a camera";

    public override string Example => "/dev/video0 or its index 0";

    public override SourceSettings Takes => SourceSettings.Size | SourceSettings.FourCc | SourceSettings.Rate | SourceSettings.FieldOfView;

    public override bool Matches(string address) => address.All(char.IsAsciiDigit) || address.StartsWith("/dev/", StringComparison.Ordinal);

    protected override OpenedSource Describe(string device, CameraSourceOptions options)
    {
        string path = int.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? $"/dev/video{index}" : device;
        if (options.FourCc is { Length: not 4 })
        {
            throw new CameraException($"'{options.FourCc}' is no pixel format of V4L2; expected four letters such as MJPG or YUYV.");
        }

        RequireExisting(path);
        using VideoCapture capture = OpenCapture(path, options);
        using var first = new Mat();
        if (!capture.Read(first) || first.Empty())
        {
            throw new CameraAbsentException($"{path} opened but delivers no picture: another program may use it, or it is the metadata node of a camera.");
        }

        if ((options.Width ?? first.Width) != first.Width || (options.Height ?? first.Height) != first.Height)
        {
            throw new CameraException(
                $"{path} was asked for {options.Width}×{options.Height} and delivers {first.Width}×{first.Height}: "
                + $"`v4l2-ctl -d {path} --list-formats-ext` lists what it can.");
        }

        double rate = capture.Fps;
        string code = capture.FourCC;
        bool isInterCoded = code.StartsWith("H26", StringComparison.OrdinalIgnoreCase) || code.Equals("HEVC", StringComparison.OrdinalIgnoreCase);
        string text = FormattableString.Invariant($"camera {path}, {first.Width}×{first.Height}, {rate:0.##} Hz, {code}");
        return new OpenedSource(text, first.Width, first.Height, true, rate is > 0 and <= 1000 ? rate : null, options, () =>
        {
            RequireExisting(path);
            return new VideoReader(OpenCapture(path, options), 0, isInterCoded, options.Logger);
        });
    }

    private static void RequireExisting(string path)
    {
        if (!File.Exists(path))
        {
            string[] present = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "video*") : [];
            Array.Sort(present, NaturalOrder.Compare);
            throw new CameraAbsentException(
                $"There is no camera at {path}. "
                + (present.Length == 0 ? "This machine has none (no /dev/video*); in a container, pass it in with "
                    + "--device." : $"There are: {string.Join(", ", present)}."));
        }
    }

    private static VideoCapture OpenCapture(string path, CameraSourceOptions options)
    {
        var capture = new VideoCapture(path, VideoCaptureAPIs.V4L2);
        if (!capture.IsOpened())
        {
            capture.Dispose();
            throw new CameraAbsentException(
                $"{path} cannot be opened as a camera: it is no V4L2 capture device, another program uses it, or you may not read it (group `video`).");
        }

        // The pixel format first: it decides which sizes and rates there are.
        if (options.FourCc is { } code)
        {
            capture.Set(VideoCaptureProperties.FourCC, VideoWriter.FourCC(code[0], code[1], code[2], code[3]));
        }

        Ask(capture, VideoCaptureProperties.FrameWidth, options.Width);
        Ask(capture, VideoCaptureProperties.FrameHeight, options.Height);
        Ask(capture, VideoCaptureProperties.Fps, options.FramesPerSecond);

        // The driver keeps old pictures otherwise.
        capture.Set(VideoCaptureProperties.BufferSize, 2);
        return capture;
    }

    private static void Ask(VideoCapture capture, VideoCaptureProperties property, double? value)
    {
        if (value is { } wanted)
        {
            capture.Set(property, wanted);
        }
    }
}
