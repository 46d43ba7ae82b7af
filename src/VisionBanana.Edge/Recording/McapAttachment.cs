namespace VisionBanana.Edge.Recording;

/// <summary>A file inside a recording: a calibration, the manifest of the model.</summary>
/// <param name="Name">Name of the file, e.g. <c>model.yaml</c>.</param>
/// <param name="MediaType">What it is, e.g. <c>application/yaml</c>.</param>
/// <param name="Data">Its bytes.</param>
public sealed record McapAttachment(string Name, string MediaType, ReadOnlyMemory<byte> Data)
{
    /// <summary>When it was put into the recording, nanoseconds since the Unix epoch.</summary>
    public long LogTimeNs { get; init; }

    /// <summary>When the file was made; 0 = not known.</summary>
    public long CreateTimeNs { get; init; }
}
