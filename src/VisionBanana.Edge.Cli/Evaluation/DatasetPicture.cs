using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>The files of one picture of a dataset.</summary>
/// <param name="Name">File name without its ending.</param>
/// <param name="Colour">What the camera saw.</param>
/// <param name="Depth">The true depth.</param>
/// <param name="Labels">The true labels, or null.</param>
/// <param name="Mask">Pixels to measure (not 0), or null = all.</param>
/// <param name="Geometry">What is known about the camera's place, or null.</param>
internal sealed record DatasetPicture(string Name, string Colour, string Depth, string? Labels, string? Mask, SupportPlane? Geometry);
