using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Opens the camera that a pipeline file names: a real one, what stands in for one, or a recording.</summary>
internal static partial class CameraOpener
{
    /// <summary>Opens it.</summary>
    /// <exception cref="VisionBananaException">It, or its calibration, cannot be used.</exception>
    public static ICameraSource Open(CameraEntry camera, ILogger logger)
    {
        CameraIntrinsics? calibration = camera.Calibration is { } file ? CalibrationFile.Read(file) : null;
        if (RecordingFiles.IsRecording(camera.Source.Address))
        {
            return OpenRecording(camera, calibration, logger);
        }

        if (camera.Source.Topic is not null)
        {
            throw new ConfigurationException($"{camera.Source.Address} is no recording: a topic (--topic, camera.source.topic) does not apply.");
        }

        return CameraSource.Open(camera.Source.Address, camera.Source.Options with
        {
            FrameId = camera.FrameId,
            Intrinsics = calibration,
            HorizontalFovDegrees = camera.HfovDegrees,
            Logger = logger,
        });
    }

    private static RecordingSource OpenRecording(CameraEntry camera, CameraIntrinsics? calibration, ILogger logger)
    {
        if (camera.HfovDegrees is not null)
        {
            throw new ConfigurationException($"{camera.Source.Address}: a recording carries its calibration; a field of view (hfov_deg, --hfov) does not apply.");
        }

        RecordingReader recording = RecordingFiles.Open(camera.Source.Address, new McapReaderOptions { SkipDamagedChunks = true }, RecordingFormats.All);
        RecordingSource source = RecordingSource.Open(recording, new RecordingSourceOptions
        {
            Topic = camera.Source.Topic,
            Intrinsics = calibration,
            Decoder = new OpenCvImageDecoder(),
            Speed = camera.Source.Options.Pace == Pace.None ? null : 1,
            Loop = camera.Source.Options.Loop,
        });
        if (!source.Recovery.IsComplete)
        {
            LogDamaged(logger, camera.Source.Address, source.Recovery.ToString());
        }

        if (source is { Intrinsics: null, CalibrationProblem: { } problem })
        {
            LogUncalibrated(logger, camera.Source.Address, problem);
        }

        return source;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is {Recovery}")]
    private static partial void LogDamaged(ILogger logger, string file, string recovery);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File}: {Problem}")]
    private static partial void LogUncalibrated(ILogger logger, string file, string problem);
}
