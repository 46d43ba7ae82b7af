namespace VisionBanana.Edge.Pipeline;

/// <summary>The camera is there but delivers something else than when it was opened: opening it again would not help.</summary>
internal sealed class CameraChangedException(string message) : CameraException(message);
