namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>How an entry of the cache stands on this machine.</summary>
public enum EngineState
{
    /// <summary>It may be loaded here.</summary>
    Current,

    /// <summary>It was built for another version or another machine and is never loaded; building removes it.</summary>
    Stale,

    /// <summary>A file is missing or changed, or the manifest cannot be read; it is never loaded, and building removes it.</summary>
    Damaged,
}
