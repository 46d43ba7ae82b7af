namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>A zone as a page draws it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Corners">Metres in the robot's frame: x forward, y left.</param>
internal sealed record DrawnZone(string Name, IReadOnlyList<(double X, double Y)> Corners);
