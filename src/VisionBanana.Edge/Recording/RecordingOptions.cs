using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Recording;

/// <summary>What a pipeline records, and where.</summary>
public sealed record RecordingOptions
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The device in topics.</summary>
    public required string Device { get; init; }

    /// <summary>The camera in topics.</summary>
    public required string Camera { get; init; }

    /// <summary>Both.</summary>
    internal CameraAddress Address => new(Device, Camera);

    /// <summary>How the file is written.</summary>
    public McapWriterOptions Writer { get; init; } = new();

    /// <summary>Files to keep with the recording: the calibration, the manifest of the model.</summary>
    public IReadOnlyList<McapAttachment> Attachments { get; init; } = [];

    /// <summary>What else readers should know (model, provider, instructions), kept as metadata <c>visionbanana</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Records the pictures as the camera gave them, without loss, with their calibration: what a replay through a model needs to give
    /// the same percepts bit by bit. Takes effect on the source that <see cref="RecordingTransport.Tap(Pipeline.ICameraSource)"/> returns.
    /// </summary>
    public bool IncludeSource { get; init; }

    /// <summary>Pictures of a live camera that may wait for the disk; when one more comes the oldest is not recorded, and counted.</summary>
    public int SourceQueueCapacity { get; init; } = 4;

    /// <summary>Which streams are recorded; null = all.</summary>
    public Func<WireMessage, bool>? Streams { get; init; }

    /// <summary>State (camera_info, label_info) is recorded when it changes and again so often, for readers that begin later.</summary>
    public TimeSpan StateInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Told when the recording ends before the pipeline does, and when the disk refuses.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
