using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Quality of service of recorded topics as rosbag2 keeps it in the metadata of a channel: YAML with the numbers of rmw's enumerations,
/// which every version of rosbag2 reads in a file that has no metadata.yaml.
/// </summary>
internal static class RosQos
{
    /// <summary>The key; the ros2 profile requires it.</summary>
    public const string Key = "offered_qos_profiles";

    /// <summary>Nothing: the defaults of the player, in every version.</summary>
    public const string Default = "";

    private const int KeepLast = 1, Reliable = 1, TransientLocal = 1, SystemDefault = 0;

    /// <summary>State: the last message is kept for who comes later (ROS 1 called it latched).</summary>
    public static string Latched { get; } = string.Create(CultureInfo.InvariantCulture, $"""
        - history: {KeepLast}
          depth: 1
          reliability: {Reliable}
          durability: {TransientLocal}
          deadline:
            sec: 9223372036
            nsec: 854775807
          lifespan:
            sec: 9223372036
            nsec: 854775807
          liveliness: {SystemDefault}
          liveliness_lease_duration:
            sec: 9223372036
            nsec: 854775807
          avoid_ros_namespace_conventions: false
        """);
}
