namespace VisionBanana.Edge.Messages;

/// <summary>Names of the streams: the last part of <c>vb/v1/{device}/{camera}/{stream}</c>.</summary>
public static class Streams
{
    /// <summary>sensor_msgs/CompressedImage, JPEG.</summary>
    public const string Color = "color";

    /// <summary>sensor_msgs/Image, 16UC1 (mm) or 32FC1 (m); sensor_msgs/CompressedImage when compressed.</summary>
    public const string Depth = "depth";

    /// <summary>sensor_msgs/CompressedImage, PNG: the depth painting, lossless.</summary>
    public const string Painting = "painting";

    /// <summary>sensor_msgs/Image, mono8: class ids, 255 = unknown; 16UC1 with 65535 = unknown when the palette has ids above 254.</summary>
    public const string Labels = "labels";

    /// <summary>sensor_msgs/Image, 16UC1: instance ids, 0 = background, 65535 = unknown.</summary>
    public const string Instances = "instances";

    /// <summary>sensor_msgs/Image, mono8: 1 where the phrase applies, 0 elsewhere, 255 = unknown.</summary>
    public const string Mask = "mask";

    /// <summary>vision_msgs/LabelInfo: names of the class ids, state.</summary>
    public const string LabelInfo = "label_info";

    /// <summary>sensor_msgs/Image, 32FC3 in the optical frame.</summary>
    public const string Normals = "normals";

    /// <summary>sensor_msgs/PointCloud2, organised unless reduced to voxels; point_cloud_interfaces/CompressedPointCloud2 when compressed.</summary>
    public const string Cloud = "cloud";

    /// <summary>sensor_msgs/CameraInfo of the published pictures, state.</summary>
    public const string CameraInfo = "camera_info";

    /// <summary>tf2_msgs/TFMessage: the optical frame within the robot's, when the mount is known, state.</summary>
    public const string TfStatic = "tf_static";

    /// <summary>diagnostic_msgs/DiagnosticArray, 1 Hz.</summary>
    public const string Diagnostics = "diagnostics";
}
