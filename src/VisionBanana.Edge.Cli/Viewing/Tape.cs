using System.Globalization;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The tape measure of the page: a known distance at one place, averaged for some seconds, as <c>vbedge scale</c> does it.</summary>
internal sealed class Tape(ViewSubject subject)
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3), Patience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private TapeMeasure? _measure;
    private TaskCompletionSource? _done;
    private long _firstNs;

    /// <summary>Notes a picture while something is measured.</summary>
    public void Note(PerceptionFrame frame)
    {
        lock (_gate)
        {
            if (_measure is null || frame.Find(PerceptKind.Depth) is not { } depth || frame.Intrinsics is not { } camera)
            {
                return;
            }

            _measure.Add(depth.Depth, camera, frame.Scale.Factor);
            _firstNs = _firstNs == 0 ? frame.CapturedAt.UtcNs : _firstNs;
            if (frame.CapturedAt.UtcNs - _firstNs >= Time.TotalNanoseconds)
            {
                _done!.TrySetResult();
            }
        }
    }

    /// <summary>Measures, writes the factor beside the camera's calibration where it has one, and says what was found.</summary>
    /// <exception cref="VisionBananaException">It cannot be done.</exception>
    public async Task<string> MeasureAsync(double knownM, double x, double y, CancellationToken cancellationToken)
    {
        var measure = new TapeMeasure(knownM, x, y);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_measure is not null)
            {
                throw new ConfigurationException("A distance is being measured already: wait for it.");
            }

            (_measure, _done, _firstNs) = (measure, done, 0);
        }

        try
        {
            await Task.WhenAny(done.Task, Task.Delay(Patience, subject.Pipeline.Clock, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            lock (_gate)
            {
                _measure = null;
            }
        }

        return Keep(measure.Result(), knownM);
    }

    private string Keep(TapeMeasurement found, double knownM)
    {
        string words = string.Create(
            CultureInfo.InvariantCulture,
            $"painted {found.PaintedM:0.##} m, known {knownM:0.##} m: factor {found.Factor:0.###}, spread {100 * found.Spread:0.0} %");
        if (subject.Calibration is not { } calibration)
        {
            return $"{words}; not written: this camera has no calibration file";
        }

        string path = CameraScaleFile.PathOf(calibration);
        try
        {
            new CameraScaleFile
            {
                Factor = found.Factor,
                Std = found.Std,
                Model = $"{subject.Pipeline.Painter.Name} {subject.Pipeline.Painter.Version}",
                KnownM = knownM,
                Pictures = found.Pictures,
            }.Write(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"{words}; it cannot be written to '{path}': {e.Message}", e);
        }

        return $"{words}; written to {path}, used from the next start on";
    }
}
