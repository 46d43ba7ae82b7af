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

    private static readonly FrozenDictionary<string, string> Fields = new[]
    {
        Of<CameraInfo>(), Of<CompressedImage>(), Of<CompressedPointCloud2>(), Of<DiagnosticArray>(), Of<DiagnosticStatus>(), Of<Header>(),
        Of<Image>(), Of<Imu>(), Of<KeyValue>(), Of<LabelInfo>(), Of<Point>(), Of<PointCloud2>(), Of<PointField>(), Of<Pose>(), Of<PoseStamped>(),
        Of<Quaternion>(), Of<Range>(), Of<RegionOfInterest>(), Of<TFMessage>(), Of<Time>(), Of<Transform>(), Of<TransformStamped>(), Of<Vector3>(),
        Of<VisionClass>(),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The types that can be recorded, e.g. <c>sensor_msgs/msg/Image</c>.</summary>
    public static IReadOnlyList<string> Schemas { get; } = [.. Fields.Keys.Select(name =>
        name.Replace("/", "/msg/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

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

    private static KeyValuePair<string, string> Of<T>()
        where T : IRosMessage<T> => new(Short(T.Schema), T.Definition);

    private static IEnumerable<string> Parts(string fields) =>
        fields.Split('\n').Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('[')[0]).Where(
            type => type.Contains('/', StringComparison.Ordinal));

    private static string Short(string schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.Replace("/msg/", "/", StringComparison.Ordinal);
    }
}
