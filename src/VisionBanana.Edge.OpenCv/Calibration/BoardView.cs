namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A picture in which a board was found.</summary>
/// <param name="Name">The picture's file, or its number in a stream.</param>
/// <param name="Points">What was found.</param>
/// <param name="Sharpness">How steep edges on the board are, 0 to 1 per pixel of its contrast; falls with blur.</param>
public sealed record BoardView(string Name, IReadOnlyList<FoundPoint> Points, double Sharpness);
