namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>How well a solution fits one view.</summary>
/// <param name="Name">The view.</param>
/// <param name="Rms">Root mean square of the distances between found and projected points, in pixels.</param>
/// <param name="Points">How many points it has.</param>
/// <param name="DistanceM">Metres from the camera to the board's first point.</param>
/// <param name="TiltDegrees">Angle between the board and the picture plane.</param>
/// <param name="Rotation">Rotation vector of the board in the optical frame.</param>
/// <param name="Translation">Metres of the board's origin in the optical frame.</param>
public sealed record ViewError(
    string Name, double Rms, int Points, double DistanceM, double TiltDegrees, IReadOnlyList<double> Rotation, IReadOnlyList<double> Translation);
