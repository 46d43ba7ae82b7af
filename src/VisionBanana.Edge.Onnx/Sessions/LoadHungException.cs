
namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>Native code was given up while it still runs: nothing that it uses may be freed.</summary>
internal sealed class LoadHungException(string message) : InferenceException(message);
