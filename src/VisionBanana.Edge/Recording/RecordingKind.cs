using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>Recordings as sources: a file or a bag folder, see <see cref="RecordingFiles"/>.</summary>
/// <param name="decoder">Decodes CompressedImage; null = only raw pictures are read.</param>
/// <param name="formats">What reads files other than MCAP.</param>
public sealed partial class RecordingKind(IImageDecoder? decoder = null, IReadOnlyList<IRecordingFormat>? formats = null) : SourceKind
{
    /// <inheritdoc/>
    public override string Name => "a recording";

    /// <inheritdoc/>
    public override string Example => "drive.mcap";

    /// <summary>Pictures carry their calibration and their times with them.</summary>
    public override SourceSettings Takes => SourceSettings.Pace | SourceSettings.Loop | SourceSettings.Topic | SourceSettings.Scale;

    /// <inheritdoc/>
    public override bool Matches(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !address.Contains("://", StringComparison.Ordinal) && RecordingFiles.IsRecording(address);
    }

    /// <inheritdoc/>
    protected override ICameraSource OpenCamera(string address, CameraSourceOptions options)
    {
        RecordingReader recording = RecordingFiles.Open(address, new McapReaderOptions { SkipDamagedChunks = true }, formats);
        RecordingSource source = RecordingSource.Open(recording, new RecordingSourceOptions
        {
            Topic = options.Topic,
            Intrinsics = options.Intrinsics,
            Decoder = decoder,
            Speed = options.Pace == Pace.None ? null : 1,
            Loop = options.Loop,
            Scale = options.Scale,
            PoolCapacity = options.PoolCapacity,
            Clock = options.Clock,
            Logger = options.Logger,
        });
        if (!source.Recovery.IsComplete)
        {
            LogDamaged(options.Logger, address, source.Recovery.ToString());
        }

        if (source is { Intrinsics: null, CalibrationProblem: { } problem })
        {
            LogUncalibrated(options.Logger, address, problem);
        }

        return source;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is {Recovery}")]
    private static partial void LogDamaged(ILogger logger, string file, string recovery);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: {Problem}")]
    private static partial void LogUncalibrated(ILogger logger, string file, string problem);
}
