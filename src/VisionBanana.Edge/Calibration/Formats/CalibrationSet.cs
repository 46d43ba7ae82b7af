namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>What a calibration file holds.</summary>
/// <param name="Format">The word for its format, one of <see cref="CalibrationFile.FormatNames"/>.</param>
/// <param name="Cameras">Its cameras, at least one, in the order of the file.</param>
public sealed record CalibrationSet(string Format, IReadOnlyList<CalibratedCamera> Cameras);
