using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Recording;

/// <summary>The channels of a recording that pictures and their calibration are taken from.</summary>
internal sealed class PictureTopic
{
    private readonly RecordingSourceOptions _options;
    private readonly McapChannel? _cameraInfo;

    private PictureTopic(McapChannel pictures, McapChannel? cameraInfo, RecordingSourceOptions options)
    {
        Pictures = pictures;
        _cameraInfo = cameraInfo;
        _options = options;
    }

    public McapChannel Pictures { get; }

    public CameraIntrinsics? FirstIntrinsics { get; private set; }

    public static PictureTopic Find(McapReader recording, RecordingSourceOptions options)
    {
        McapChannel[] all = [.. recording.Channels.Where(IsPictures)];
        McapChannel? pictures = options.Topic is { } topic
            ? Array.Find(all, channel => channel.Topic == topic)
            : Array.Find(all, channel => RecordedMessages.StreamOf(channel) == RecordingTopics.SourceImage) ?? OnlyColour(recording, all);
        if (pictures is null)
        {
            throw new CameraException(
                (options.Topic is null ? "Expected one topic with camera pictures in the recording; " : $"Expected pictures on the topic {options.Topic}; ")
                + (all.Length == 0 ? "found no topic with sensor_msgs/Image or CompressedImage." : $"name one of: {string.Join(", ", all.Select(channel => channel.Topic))}.")
                + " A recording made with its camera pictures (IncludeSource) always has one.");
        }

        if (pictures.Schema!.Name == CompressedImage.Schema && options.Decoder is null)
        {
            throw new CameraException($"The pictures on {pictures.Topic} are compressed and no decoder was given: core has none. Give {nameof(RecordingSourceOptions.Decoder)}.");
        }

        string infoTopic = options.CameraInfoTopic ?? string.Concat(pictures.Topic.AsSpan(0, pictures.Topic.LastIndexOf('/') + 1), Streams.CameraInfo);
        McapChannel? info = recording.Channels.FirstOrDefault(channel => channel.Topic == infoTopic && Carries(channel, CameraInfo.Schema));
        if (info is null && options.CameraInfoTopic is not null)
        {
            throw new CameraException($"Expected sensor_msgs/CameraInfo on the topic {infoTopic} of the recording, found none.");
        }

        return new PictureTopic(pictures, options.Intrinsics is null ? info : null, options);
    }

    /// <summary>Pictures and their calibration by log time; each camera_info holds for the pictures behind it.</summary>
    public IEnumerable<McapMessage> Read(McapReader recording) =>
        recording.ReadMessages(new McapReadOptions { Channels = channel => channel.Id == Pictures.Id || channel.Id == _cameraInfo?.Id });

    public bool IsCameraInfo(McapChannel channel) => channel.Id == _cameraInfo?.Id;

    /// <summary>The size and format that the source has, from its first picture.</summary>
    public (int Width, int Height, PixelFormat Format) ReadFirst(McapReader recording)
    {
        FirstIntrinsics = _options.Intrinsics;
        var problem = "";
        foreach (McapMessage message in Read(recording))
        {
            try
            {
                if (IsCameraInfo(message.Channel))
                {
                    FirstIntrinsics ??= RecordedCamera.Read(message.Data);
                    continue;
                }

                return ShapeOf(message.Data);
            }
            catch (MessageFormatException error)
            {
                problem = $" The first: {error.Message}";
            }
        }

        throw new CameraException($"The recording has no picture on {Pictures.Topic} that can be read.{problem}");
    }

    /// <summary>Decodes a picture into a frame of the source's size.</summary>
    /// <exception cref="MessageFormatException">It is malformed, or of another size.</exception>
    public Header Decode(ReadOnlyMemory<byte> payload, CameraFrame frame)
    {
        if (Pictures.Schema!.Name == CompressedImage.Schema)
        {
            CompressedImage compressed = RosMessage.Decode<CompressedImage>(payload);
            (int width, int height) = _options.Decoder!.ReadSize(compressed.Data);
            CheckSize(width, height, frame);
            _options.Decoder.Decode(compressed.Data, width, height, frame.Format, frame.Pixels);
            return compressed.Header;
        }

        Image image = RosMessage.Decode<Image>(payload);
        CheckSize(image.Width, image.Height, frame);
        RawPixels.Copy(image, frame.Format, frame.Pixels);
        return image.Header;
    }

    private static void CheckSize(long width, long height, CameraFrame frame)
    {
        if (width != frame.Width || height != frame.Height)
        {
            throw new MessageFormatException($"The picture is {width}×{height}, those before it were {frame.Width}×{frame.Height}.");
        }
    }

    private (int Width, int Height, PixelFormat Format) ShapeOf(ReadOnlyMemory<byte> payload)
    {
        const uint LargestSide = 65535;
        if (Pictures.Schema!.Name == CompressedImage.Schema)
        {
            (int width, int height) = _options.Decoder!.ReadSize(RosMessage.Decode<CompressedImage>(payload).Data);
            return (width, height, PixelFormat.Rgb8);
        }

        Image image = RosMessage.Decode<Image>(payload);
        if (image.Width is 0 or > LargestSide || image.Height is 0 or > LargestSide)
        {
            throw new MessageFormatException($"A picture of {image.Width}×{image.Height} is none.");
        }

        RawPixels.Check(image);
        return ((int)image.Width, (int)image.Height, image.Encoding is "bgr8" or "bgra8" ? PixelFormat.Bgr8 : PixelFormat.Rgb8);
    }

    private static bool Carries(McapChannel channel, string schema) => channel.MessageEncoding == "cdr" && channel.Schema?.Name == schema;

    private static bool IsPictures(McapChannel channel) => Carries(channel, Image.Schema) || Carries(channel, CompressedImage.Schema);

    /// <summary>The only topic whose first message is a colour picture: depth and labels travel as images, too.</summary>
    private static McapChannel? OnlyColour(McapReader recording, McapChannel[] channels)
    {
        McapChannel[] colour = [.. channels.Where(channel => RecordedMessages.StreamOf(channel) != Streams.Painting && IsColour(recording, channel))];
        return colour.Length == 1 ? colour[0] : null;
    }

    private static bool IsColour(McapReader recording, McapChannel channel)
    {
        foreach (McapMessage message in recording.ReadMessages(new McapReadOptions { Channels = other => other.Id == channel.Id }))
        {
            try
            {
                return channel.Schema!.Name == CompressedImage.Schema
                    ? !RosMessage.Decode<CompressedImage>(message.Data).Format.Contains("compressedDepth", StringComparison.Ordinal)
                    : RawPixels.BytesPerPixel(RosMessage.Decode<Image>(message.Data).Encoding) >= 3;
            }
            catch (MessageFormatException)
            {
                return false;
            }
        }

        return false;
    }
}
