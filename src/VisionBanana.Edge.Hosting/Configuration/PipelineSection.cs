using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>
/// A section of a pipeline file that is read on its own: where percepts go. This library knows those of <see cref="All"/>, the program around it
/// adds its own.
/// </summary>
/// <param name="Key">Its key at the root of the file.</param>
/// <param name="Read">
/// Reads it out of the root, telling what is wrong as problems of the file; null = nothing was asked for. With several cameras it is read once for each.
/// </param>
internal sealed record PipelineSection(string Key, Func<YamlSection, PipelineNames, object?> Read)
{
    /// <summary>True = one camera's alone: among several cameras it stands at that camera, not at the root of the file.</summary>
    public bool IsOfCamera { get; init; }

    /// <summary>The transports of this library: one line each.</summary>
    public static readonly IReadOnlyList<PipelineSection> All =
    [
        new("mqtt", (root, names) => MqttEntry.Read(root.OptionalSection("mqtt"), names)),
        new("zeromq", (root, names) => ZeroMqEntry.Read(root.OptionalSection("zeromq"), names)),
        new("obstacle_distance", (root, names) => ObstacleDistanceEntry.Read(root.OptionalSection("obstacle_distance"), names)) { IsOfCamera = true },
    ];

    /// <summary>
    /// Sections of the <c>vbedge</c> tool: the same file runs in a program without them, which leaves them out.
    /// </summary>
    public static readonly IReadOnlyList<string> OfTheTool = ["fleet", "foxglove", "view"];
}
