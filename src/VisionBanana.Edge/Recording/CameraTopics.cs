using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>How ROS names the topics of a camera (image_transport, image_pipeline).</summary>
internal static class CameraTopics
{
    // What image_transport appends to the topic of the raw pictures.
    private static readonly string[] Transports = ["compressed", "compressedDepth", "theora", "ffmpeg", "zstd", "jpeg", "png"];

    /// <summary>The topic of the pictures without what image_transport appends: <c>/cam/image_raw</c> for <c>/cam/image_raw/compressed</c>.</summary>
    public static string BaseOf(McapChannel pictures)
    {
        (string folder, string name) = Split(pictures.Topic);
        return pictures.Schema?.Name == CompressedImage.Schema && folder.Length > 0 && Array.IndexOf(Transports, name) >= 0 ? folder : pictures.Topic;
    }

    /// <summary>Where their calibration is looked for, the likeliest place first.</summary>
    public static IEnumerable<string> CameraInfosOf(McapChannel pictures)
    {
        string topic = BaseOf(pictures);
        yield return $"{Split(topic).Folder}/{Streams.CameraInfo}";
        yield return $"{topic}/{Streams.CameraInfo}";
        if (topic != pictures.Topic)
        {
            yield return $"{pictures.Topic}/{Streams.CameraInfo}";
        }
    }

    /// <summary>
    /// Whether pictures are rectified by their name (<c>image_rect</c>, <c>image_rect_color</c>): the camera_info beside them describes
    /// the raw ones.
    /// </summary>
    public static bool AreRectified(McapChannel pictures) => Split(BaseOf(pictures)).Name.StartsWith("image_rect", StringComparison.Ordinal);

    private static (string Folder, string Name) Split(string topic)
    {
        int slash = topic.LastIndexOf('/');
        return (topic[..Math.Max(slash, 0)], topic[(slash + 1)..]);
    }
}
