namespace VisionBanana.Edge.Pipeline;

/// <summary>Reads the next picture of a camera from code; see <see cref="PictureSource"/>.</summary>
/// <param name="pixels">Filled with Height × Width × 3 bytes, rows from the top without padding.</param>
/// <returns>False at the end: there is no picture.</returns>
/// <exception cref="CameraException">The camera is gone for good.</exception>
public delegate bool PictureReader(Span<byte> pixels);
