using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Opens the camera that a pipeline file names: a real one, what stands in for one, or a recording.</summary>
internal static partial class CameraOpener
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5), LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Opens it; one that is absent is waited for, unless the file requires it.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="clock">The clock of stamps.</param>
    /// <param name="logger">Told when it is absent.</param>
    /// <param name="isAbsent">Called when it turns out that it must be waited for.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="VisionBananaException">It, or its calibration, cannot be used.</exception>
    public static async Task<ICameraSource> OpenAsync(
        CameraEntry camera, TimeProvider clock, ILogger logger, Action isAbsent, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // Opening blocks for as long as the network lets it: who is stopped does not wait for it.
                return await Task.Run(() => Open(camera, logger, clock), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (CameraAbsentException e) when (!camera.Source.Require)
            {
                LogAbsent(logger, camera.Name, pause.TotalSeconds, e.Message);
                isAbsent();
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Opens it now.</summary>
    /// <exception cref="VisionBananaException">It, or its calibration, cannot be used.</exception>
    public static ICameraSource Open(CameraEntry camera, ILogger logger, TimeProvider? clock = null) =>
        SourceKinds.All.Open(camera.Source.Address, camera.Source.Options with
        {
            Topic = camera.Source.Topic,
            FrameId = camera.FrameId,
            Intrinsics = camera.Calibration is { } file ? CalibrationFile.Read(file) : null,
            HorizontalFovDegrees = camera.HfovDegrees,
            Clock = clock ?? TimeProvider.System,
            Logger = logger,
        });

    [LoggerMessage(Level = LogLevel.Warning, Message = "The camera {Camera} is not there; it is looked for again in {Seconds} s "
        + "(source.require: true ends instead): {Reason}")]
    private static partial void LogAbsent(ILogger logger, string camera, double seconds, string reason);
}
