using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// The topics of a fleet, apart from those of percepts: what robots ask and workers answer stands below <c>vb/fleet/v1/{group}/</c>, so that who
/// subscribes to <c>vb/v1/#</c> hears the same as from robots that paint themselves.
/// </summary>
internal static class FleetTopics
{
    /// <summary>What every topic of a fleet begins with.</summary>
    public const string Root = "vb/fleet/v1/";

    /// <summary>Letters of the hash that names a rig in topics.</summary>
    public const int RigLetters = 32;

    /// <summary>A camera's pictures, with the rig that they were taken with.</summary>
    public static string Picture(string group, CameraAddress camera, string rig) => $"{Root}{group}/{camera}/picture/{rig}";

    /// <summary>What is said of a camera, retained; its name is the hash of what it says.</summary>
    public static string Rig(string group, CameraAddress camera, string rig) => $"{Root}{group}/{camera}/rig/{rig}";

    /// <summary>What became of a camera's pictures.</summary>
    public static string Receipt(string group, CameraAddress camera) => $"{Root}{group}/{camera}/receipt";

    /// <summary>Which model paints for a group, retained.</summary>
    public static string Model(string group) => $"{Root}{group}/model";

    /// <summary>The pictures of all robots of a group, each for one of its workers.</summary>
    public static string Shared(string group) => $"$share/{group}/{Root}{group}/+/+/picture/+";

    /// <summary>Checks that a group can stand in a topic and name a shared subscription.</summary>
    /// <exception cref="ConfigurationException">It cannot.</exception>
    public static void CheckGroup(string group) => WireTopics.CheckName("group", group);

    /// <summary>Whose picture a topic brings, or false when it is none of the group.</summary>
    public static bool TryPicture(string topic, string group, out CameraAddress camera, [NotNullWhen(true)] out string? rig)
    {
        (camera, rig) = (default, null);
        string start = $"{Root}{group}/";
        if (!topic.StartsWith(start, StringComparison.Ordinal) || topic[start.Length..].Split('/') is not [var device, var name, "picture", var hash]
            || !IsRig(hash) || device.Length == 0 || name.Length == 0)
        {
            return false;
        }

        (camera, rig) = (new CameraAddress(device, name), hash);
        return true;
    }

    /// <summary>True for what can name a rig: hexadecimal digits of the right number.</summary>
    public static bool IsRig(string hash) => hash.Length == RigLetters && hash.All(char.IsAsciiHexDigitLower);
}
