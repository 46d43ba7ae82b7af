namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>Where the building of an engine stands.</summary>
public enum EngineBuildPhase
{
    /// <summary>Another process builds the same engine; its result is used.</summary>
    Waiting,

    /// <summary>The provider builds.</summary>
    Building,

    /// <summary>The engine is in the cache.</summary>
    Built,
}
