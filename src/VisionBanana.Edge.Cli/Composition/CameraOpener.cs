using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>Opens the camera that a pipeline file names: a real one, what stands in for one, or a recording.</summary>
internal static partial class CameraOpener
{
    /// <summary>Opens it, counting into <paramref name="counter"/>.</summary>
    /// <exception cref="VisionBananaException">It, or its calibration, cannot be used.</exception>
    public static ICameraSource Open(CameraEntry camera, IFlowCounter counter, ILogger logger)
    {
        CameraIntrinsics? calibration = camera.Calibration is { } file ? CalibrationFile.Read(file) : null;
        if (camera.Source.Address.EndsWith(".mcap", StringComparison.OrdinalIgnoreCase))
        {
            return OpenRecording(camera, calibration, counter, logger);
        }

        return CameraSource.Open(camera.Source.Address, camera.Source.Options with
        {
            FrameId = camera.FrameId,
            Intrinsics = calibration,
            HorizontalFovDegrees = camera.HfovDegrees,
            Counter = counter,
            Logger = logger,
        });
    }

    private static RecordingSource OpenRecording(CameraEntry camera, CameraIntrinsics? calibration, IFlowCounter counter, ILogger logger)
    {
        if (camera.HfovDegrees is not null)
        {
            throw new ConfigurationException($"{camera.Source.Address}: a recording carries its calibration; a field of view (hfov_deg, --hfov) does not apply.");
        }

        RecordingSource source = RecordingSource.Open(camera.Source.Address, new RecordingSourceOptions
        {
            Intrinsics = calibration,
            Decoder = new OpenCvImageDecoder(),
            Speed = camera.Source.Options.Pace == Pace.None ? null : 1,
            Loop = camera.Source.Options.Loop,
            Counter = counter,
        });
        if (!source.Recovery.IsComplete)
        {
            LogDamaged(logger, camera.Source.Address, source.Recovery.ToString());
        }

        return source;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is {Recovery}")]
    private static partial void LogDamaged(ILogger logger, string file, string recovery);
}
