namespace VisionBanana.Edge.Recording;

/// <summary>How the chunks of a recording are compressed.</summary>
public enum McapCompression
{
    /// <summary>Not at all: for pictures that are compressed already, or the smallest load.</summary>
    None,

    /// <summary>Zstandard: small, and fast enough for every stream.</summary>
    Zstd,

    /// <summary>LZ4 frames: faster and larger.</summary>
    Lz4,
}
