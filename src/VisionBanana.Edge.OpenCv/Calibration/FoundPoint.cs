namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A point of a board in a picture.</summary>
/// <param name="Index">Its number among <see cref="CalibrationTarget.Points"/>.</param>
/// <param name="X">Pixels; integers are pixel centres.</param>
/// <param name="Y">Pixels; integers are pixel centres.</param>
public readonly record struct FoundPoint(int Index, float X, float Y);
