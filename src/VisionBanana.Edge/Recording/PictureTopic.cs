using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Recording;

/// <summary>The channels of a recording that pictures and their calibration are taken from.</summary>
internal sealed partial class PictureTopic
{
    // So many pictures or calibrations that cannot be read are passed over before it is said that none can.
    private const int MaxUnreadable = 1000;

    private readonly RecordingSourceOptions _options;
    private readonly McapChannel? _cameraInfo;
    private readonly bool _areRectified;
    private readonly SampleScaler? _scaler;
    private bool _rangeIsTold;

    private PictureTopic(McapChannel pictures, McapChannel? cameraInfo, RecordingSourceOptions options)
    {
        Pictures = pictures;
        _cameraInfo = cameraInfo;
        _options = options;
        _scaler = options.Scale is { } scale ? new SampleScaler(scale) : null;
        _areRectified = CameraTopics.AreRectified(pictures);
    }

    public McapChannel Pictures { get; }

    public bool HasCameraInfo => _cameraInfo is not null;

    public CameraIntrinsics? FirstIntrinsics { get; private set; }

    /// <summary>Why the recorded calibration cannot be used, when there is one that cannot.</summary>
    public string? CalibrationProblem { get; private set; }

    private bool IsCompressed => Pictures.Schema!.Name == CompressedImage.Schema;

    public static PictureTopic Find(RecordingReader recording, RecordingSourceOptions options)
    {
        McapChannel pictures = PictureChoice.Find(recording, options.Topic);
        if (pictures.Schema!.Name == CompressedImage.Schema && options.Decoder is null)
        {
            throw new CameraException(
                $"The pictures on {pictures.Topic} are compressed and no decoder was given: core has none. Give {nameof(RecordingSourceOptions.Decoder)}.");
        }

        IEnumerable<string> places = options.CameraInfoTopic is { } topic ? [topic] : CameraTopics.CameraInfosOf(pictures);
        McapChannel? info = places
            .Select(place => recording.Channels.FirstOrDefault(
                channel => channel.Topic == place && channel.MessageEncoding == "cdr" && channel.Schema?.Name == CameraInfo.Schema))
            .FirstOrDefault(channel => channel is not null);
        if (info is null && options.CameraInfoTopic is not null)
        {
            throw new CameraException($"Expected sensor_msgs/CameraInfo on the topic {options.CameraInfoTopic} of the recording, found none.");
        }

        return new PictureTopic(pictures, options.Intrinsics is null ? info : null, options);
    }

    /// <summary>The pictures by log time, each with its calibration, which is one object as long as it is the same: tables are made for it.</summary>
    public IEnumerable<RecordedPicture> Read(RecordingReader recording, Action<string> tell)
    {
        var calibrations = new CalibrationChanges(ReadCamera, FirstIntrinsics, tell);
        return new CalibratedPictures(this, calibrations.Of).Read(Messages(recording, channel => channel.Id == Pictures.Id || channel.Id == _cameraInfo?.Id))
            .Select(picture => _cameraInfo is null ? picture with { Intrinsics = FirstIntrinsics } : picture);
    }

    public bool IsCameraInfo(McapChannel channel) => channel.Id == _cameraInfo?.Id;

    /// <summary>The size and format that the source has, from its first picture, and the first calibration.</summary>
    public (int Width, int Height, PixelFormat Format) ReadFirst(RecordingReader recording)
    {
        FirstIntrinsics = _options.Intrinsics ?? ReadFirstIntrinsics(recording);
        int unreadable = 0;
        var problem = "";
        foreach (McapMessage message in Messages(recording, channel => channel.Id == Pictures.Id))
        {
            try
            {
                return ShapeOf(message.Data);
            }
            catch (MessageFormatException error)
            {
                problem = problem.Length > 0 ? problem : $" The first: {error.Message}";
            }

            if (++unreadable == MaxUnreadable)
            {
                break;
            }
        }

        throw new CameraException($"The recording has no picture on {Pictures.Topic} that can be read.{problem}");
    }

    /// <summary>Decodes a picture into a frame of the source's size.</summary>
    /// <exception cref="MessageFormatException">It is malformed, or of another size.</exception>
    public Header Decode(ReadOnlyMemory<byte> payload, CameraFrame frame)
    {
        if (IsCompressed)
        {
            CompressedImage compressed = RosMessage.Decode<CompressedImage>(payload);
            (int width, int height) = _options.Decoder!.ReadSize(compressed.Data);
            CheckSize(width, height, frame);
            _options.Decoder.Decode(compressed.Data, width, height, frame.Format, frame.Pixels);
            return compressed.Header;
        }

        Image image = RosMessage.Decode<Image>(payload);
        CheckSize(image.Width, image.Height, frame);
        Encoding(image).Convert(image.Data.Span, frame.Width, frame.Height, (int)image.Step, image.IsBigEndian, frame.Format, frame.Pixels, _scaler);
        TellRange();
        return image.Header;
    }

    /// <summary>Once, when it is known.</summary>
    private void TellRange()
    {
        if (_scaler?.Range is { } range && !_rangeIsTold)
        {
            _rangeIsTold = true;
            LogRange(_options.Logger, Pictures.Topic, range.Min, range.Max);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "16-bit samples of {Topic} are shown from {Min} (black) to {Max} (white)")]
    private static partial void LogRange(ILogger logger, string topic, int min, int max);

    private static RawEncoding Encoding(in Image image)
    {
        RawEncoding encoding = RawEncoding.Require(image.Encoding);
        encoding.Check(image.Width, image.Height, image.Step, image.Data.Length);
        return encoding;
    }

    private static void CheckSize(long width, long height, CameraFrame frame)
    {
        if (width != frame.Width || height != frame.Height)
        {
            throw new MessageFormatException($"The picture is {width}×{height}, those before it were {frame.Width}×{frame.Height}.");
        }
    }

    private static IEnumerable<McapMessage> Messages(RecordingReader recording, Func<McapChannel, bool> channels) =>
        recording.ReadMessages(new McapReadOptions { Channels = channels });

    private CameraIntrinsics? ReadCamera(ReadOnlyMemory<byte> payload) => RecordedCamera.Read(payload, _areRectified);

    private CameraIntrinsics? ReadFirstIntrinsics(RecordingReader recording)
    {
        int unusable = 0;
        foreach (McapMessage message in _cameraInfo is null ? [] : Messages(recording, IsCameraInfo))
        {
            try
            {
                if (ReadCamera(message.Data) is { } intrinsics)
                {
                    CalibrationProblem = null;
                    return intrinsics;
                }

                CalibrationProblem ??= $"The camera_info on {_cameraInfo!.Topic} says with zeros that the camera was never calibrated.";
            }
            catch (MessageFormatException error)
            {
                CalibrationProblem ??= $"The camera_info on {_cameraInfo!.Topic} cannot be used: {error.Message}";
            }

            if (++unusable == MaxUnreadable)
            {
                break;
            }
        }

        return null;
    }

    private (int Width, int Height, PixelFormat Format) ShapeOf(ReadOnlyMemory<byte> payload)
    {
        if (IsCompressed)
        {
            (int width, int height) = _options.Decoder!.ReadSize(RosMessage.Decode<CompressedImage>(payload).Data);
            return (width, height, PixelFormat.Rgb8);
        }

        Image image = RosMessage.Decode<Image>(payload);
        PixelFormat format = Encoding(image).Format;
        return ((int)image.Width, (int)image.Height, format);
    }
}
