using System.Text;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Topics in recordings: the topics of the wire with a leading slash, <c>/vb/v1/{device}/{camera}/{stream}</c>, in the letters that ROS 2
/// allows in names (letters, digits and single underscores, no digit first).
/// </summary>
internal static class RecordingTopics
{
    /// <summary>The stream of the pictures as the camera gave them, sensor_msgs/Image.</summary>
    public const string SourceImage = "source/image_raw";

    /// <summary>The stream of the calibration of <see cref="SourceImage"/>, sensor_msgs/CameraInfo, one with every picture.</summary>
    public const string SourceCameraInfo = "source/camera_info";

    /// <summary>The key under which a channel's metadata name the stream.</summary>
    public const string StreamKey = "stream";

    /// <summary>The topic of a stream: <c>edge-1</c>, <c>front</c>, <c>depth</c> become <c>/vb/v1/edge_1/front/depth</c>.</summary>
    public static string Of(CameraAddress camera, string stream) => $"/vb/v1/{RosName(camera.Device)}/{RosName(camera.Camera)}/{stream}";

    /// <summary>The camera of a topic, in the letters of ROS 2; null = it is no topic of a camera.</summary>
    public static string? CameraOf(string topic)
    {
        string[] levels = topic.TrimStart('/').Split('/', 5);
        return levels is ["vb", "v1", _, var camera, _] ? RosName(camera) : null;
    }

    /// <summary>A name with everything that ROS 2 does not allow in one part of a topic replaced by single underscores.</summary>
    public static string RosName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            text.Append('_');
        }

        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(c);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.ToString();
    }
}
