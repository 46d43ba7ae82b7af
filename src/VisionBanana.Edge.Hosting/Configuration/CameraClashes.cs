using System.Net;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>Finds what two cameras of one file cannot both have: names, coordinate frames, devices, ports of sensors, a place at the autopilot.</summary>
internal sealed class CameraClashes
{
    private readonly Dictionary<(string What, string Value), string> _taken = [];

    /// <summary>Looks at one more camera.</summary>
    public void Add(YamlSection section, PipelineFile file)
    {
        CameraEntry camera = file.Camera;
        Take(section, "name", camera.Name, camera.Name, "two cameras have one name");
        Take(section, "topics", InRecordings(camera.Name), camera.Name, "in recordings and in ROS 2 their streams would have the same topics");
        Take(section, "frame_id", camera.FrameId, camera.Name, "two cameras have one coordinate frame");
        if (DeviceOf(camera.Source.Address) is { } device)
        {
            Take(section, "source", device, camera.Name, $"two cameras open one device, {device}");
        }

        IEnumerable<SensorEntry?> sensors = camera.LiveMount.Select(m => m.Sensor).Concat((file.Scale?.Anchors ?? []).Select(a => a.Sensor));
        foreach (IPEndPoint port in sensors.Select(s => s?.Mavlink).OfType<IPEndPoint>().Distinct())
        {
            Take(section, "mavlink", port.ToString(), camera.Name, $"two cameras listen on {port}: give the sensor a port for each, or one camera the sensor");
        }

        if (file.Section<ObstacleDistanceEntry>() is { Options: var autopilot } && section.Has("obstacle_distance"))
        {
            Take(
                section, "obstacle_distance", $"{autopilot.Address} {autopilot.SystemId} {autopilot.ComponentId}", camera.Name,
                "an autopilot takes obstacles of one camera from one component: expected another component_id");
        }
    }

    private void Take(YamlSection section, string what, string value, string camera, string problem)
    {
        if (_taken.TryGetValue((what, value), out string? other) && (what is "name" || other != camera))
        {
            section.Problem(what, $"{problem}: {other}{(other == camera ? "" : $" and {camera}")}");
        }
        else
        {
            _taken.TryAdd((what, value), camera);
        }
    }

    /// <summary>A name in the letters of ROS 2.</summary>
    private static string InRecordings(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    /// <summary>The device behind an address, through links such as /dev/v4l/by-id; null = it may be opened twice.</summary>
    private static string? DeviceOf(string address)
    {
        string path = address.Length > 0 && address.All(char.IsAsciiDigit) ? $"/dev/video{address}" : address;
        if (!path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path;
        }
    }
}
