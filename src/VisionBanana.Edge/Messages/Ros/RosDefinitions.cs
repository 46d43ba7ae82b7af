using System.Collections.Frozen;
using System.Text;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>
/// Definitions of the ROS 2 message types that are recorded, in the form MCAP calls <c>ros2msg</c>: the fields of the type, then those of
/// every type it is made of behind a line of 80 equals signs. Without comments; the fields are those of ROS 2 Humble to Kilted.
/// </summary>
public static class RosDefinitions
{
    /// <summary>The encoding of schemas with these definitions.</summary>
    public const string Encoding = "ros2msg";

    private static readonly FrozenDictionary<string, string> Fields = new Dictionary<string, string>
    {
        ["builtin_interfaces/Time"] = """
            int32 sec
            uint32 nanosec
            """,
        ["std_msgs/Header"] = """
            builtin_interfaces/Time stamp
            string frame_id
            """,
        ["sensor_msgs/Image"] = """
            std_msgs/Header header
            uint32 height
            uint32 width
            string encoding
            uint8 is_bigendian
            uint32 step
            uint8[] data
            """,
        ["sensor_msgs/CompressedImage"] = """
            std_msgs/Header header
            string format
            uint8[] data
            """,
        ["sensor_msgs/RegionOfInterest"] = """
            uint32 x_offset
            uint32 y_offset
            uint32 height
            uint32 width
            bool do_rectify
            """,
        ["sensor_msgs/CameraInfo"] = """
            std_msgs/Header header
            uint32 height
            uint32 width
            string distortion_model
            float64[] d
            float64[9] k
            float64[9] r
            float64[12] p
            uint32 binning_x
            uint32 binning_y
            sensor_msgs/RegionOfInterest roi
            """,
        ["sensor_msgs/PointField"] = """
            uint8 INT8=1
            uint8 UINT8=2
            uint8 INT16=3
            uint8 UINT16=4
            uint8 INT32=5
            uint8 UINT32=6
            uint8 FLOAT32=7
            uint8 FLOAT64=8
            string name
            uint32 offset
            uint8 datatype
            uint32 count
            """,
        ["sensor_msgs/PointCloud2"] = """
            std_msgs/Header header
            uint32 height
            uint32 width
            sensor_msgs/PointField[] fields
            bool is_bigendian
            uint32 point_step
            uint32 row_step
            uint8[] data
            bool is_dense
            """,
        ["point_cloud_interfaces/CompressedPointCloud2"] = """
            std_msgs/Header header
            uint32 height
            uint32 width
            sensor_msgs/PointField[] fields
            bool is_bigendian
            uint32 point_step
            uint32 row_step
            uint8[] compressed_data
            bool is_dense
            string format
            """,
        ["vision_msgs/VisionClass"] = """
            uint16 class_id
            string class_name
            """,
        ["vision_msgs/LabelInfo"] = """
            std_msgs/Header header
            vision_msgs/VisionClass[] class_map
            float32 threshold
            """,
        ["diagnostic_msgs/KeyValue"] = """
            string key
            string value
            """,
        ["diagnostic_msgs/DiagnosticStatus"] = """
            byte OK=0
            byte WARN=1
            byte ERROR=2
            byte STALE=3
            byte level
            string name
            string message
            string hardware_id
            diagnostic_msgs/KeyValue[] values
            """,
        ["diagnostic_msgs/DiagnosticArray"] = """
            std_msgs/Header header
            diagnostic_msgs/DiagnosticStatus[] status
            """,
        ["geometry_msgs/Vector3"] = """
            float64 x
            float64 y
            float64 z
            """,
        ["geometry_msgs/Quaternion"] = """
            float64 x 0
            float64 y 0
            float64 z 0
            float64 w 1
            """,
        ["geometry_msgs/Transform"] = """
            geometry_msgs/Vector3 translation
            geometry_msgs/Quaternion rotation
            """,
        ["geometry_msgs/TransformStamped"] = """
            std_msgs/Header header
            string child_frame_id
            geometry_msgs/Transform transform
            """,
        ["tf2_msgs/TFMessage"] = """
            geometry_msgs/TransformStamped[] transforms
            """,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The types that can be recorded, e.g. <c>sensor_msgs/msg/Image</c>.</summary>
    public static IReadOnlyList<string> Schemas { get; } = [.. Fields.Keys.Select(name => name.Replace("/", "/msg/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Whether the definition of a type is known.</summary>
    public static bool Contains(string schema) => Fields.ContainsKey(Short(schema));

    /// <summary>The definition of a type with everything it is made of.</summary>
    /// <param name="schema">Name of the type, e.g. <c>sensor_msgs/msg/Image</c>.</param>
    /// <exception cref="ConfigurationException">The type is not known here.</exception>
    public static string Of(string schema)
    {
        string root = Short(schema);
        if (!Fields.TryGetValue(root, out string? fields))
        {
            throw new ConfigurationException($"No definition of the message type '{schema}' to record it with; known are: {string.Join(", ", Schemas)}.");
        }

        List<string> parts = [root];
        for (int i = 0; i < parts.Count; i++)
        {
            parts.AddRange(Parts(Fields[parts[i]]).Where(part => !parts.Contains(part)).Distinct());
        }

        var text = new StringBuilder().Append(fields).Append('\n');
        foreach (string part in parts.Skip(1))
        {
            text.Append('=', 80).Append('\n').Append("MSG: ").Append(part).Append('\n').Append(Fields[part]).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<string> Parts(string fields) =>
        fields.Split('\n').Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('[')[0]).Where(type => type.Contains('/', StringComparison.Ordinal));

    private static string Short(string schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.Replace("/msg/", "/", StringComparison.Ordinal);
    }
}
