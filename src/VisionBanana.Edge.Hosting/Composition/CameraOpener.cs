using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Opens the camera that a pipeline file names: a real one, what stands in for one, or a recording.</summary>
internal static class CameraOpener
{
    /// <summary>Opens it.</summary>
    /// <exception cref="VisionBananaException">It, or its calibration, cannot be used.</exception>
    public static ICameraSource Open(CameraEntry camera, ILogger logger) =>
        SourceKinds.All.Open(camera.Source.Address, camera.Source.Options with
        {
            Topic = camera.Source.Topic,
            FrameId = camera.FrameId,
            Intrinsics = camera.Calibration is { } file ? CalibrationFile.Read(file) : null,
            HorizontalFovDegrees = camera.HfovDegrees,
            Logger = logger,
        });
}
