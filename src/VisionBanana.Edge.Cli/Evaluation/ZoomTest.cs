using System.Reactive.Subjects;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Operators;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Shows a painter every picture again at another focal length and compares the metres.</summary>
internal sealed class ZoomTest : IDisposable
{
    private readonly double _factor;
    private readonly double? _pretendedFov;
    private readonly CameraIntrinsics _camera;
    private readonly Subject<CameraFrame> _pictures = new();
    private readonly IDisposable _subscription;
    private readonly List<double> _logRatios = [];
    private readonly List<DepthFigures> _figures = [];
    private float[] _depth = [];
    private CameraIntrinsics? _painted;
    private double _focalRatio = 1;
    private Exception? _error;
    private PixelMap? _fromWhole, _fromTruth;

    /// <param name="painter">The model.</param>
    /// <param name="camera">The dataset's camera.</param>
    /// <param name="factor">Above 1: crop; below 1: scale down.</param>
    /// <param name="isEnlarged">Show the crop as if it filled the painter's own field of view.</param>
    public ZoomTest(IPainter painter, CameraIntrinsics camera, double factor, bool isEnlarged)
    {
        (_factor, _camera) = (factor, camera);
        _pretendedFov = isEnlarged ? painter.Description.HorizontalFovDegrees : null;
        int width = Math.Max((int)Math.Round(camera.Width / factor), 1), height = Math.Max((int)Math.Round(camera.Height / factor), 1);
        if (factor < 1)
        {
            (width, height) = (Math.Max((int)Math.Round(camera.Width * factor), 1), Math.Max((int)Math.Round(camera.Height * factor), 1));
        }

        // About the principal point, so that the crop looks the same way.
        int left = Math.Clamp((int)Math.Round(camera.Cx - ((width - 1) / 2.0)), 0, camera.Width - width);
        int top = Math.Clamp((int)Math.Round(camera.Cy - ((height - 1) / 2.0)), 0, camera.Height - height);
        IObservable<CameraFrame> zoomed = factor > 1 ? _pictures.Crop(left, top, width, height) : _pictures.Resize(width, height);
        var schedule = new InstructionSchedule([new ScheduledInstruction(Instruction.MetricDepth())]);
        var perceiver = new Perceiver(painter, schedule, new PerceiveOptions { MaxFailuresInARow = 1 });
        CameraIntrinsics? pretended = null;
        _subscription = System.Reactive.Linq.Observable.Do(zoomed, picture =>
        {
            if (_pretendedFov is { } fov)
            {
                pretended ??= CameraIntrinsics.FromHorizontalFov(picture.Width, picture.Height, fov);
                _focalRatio = picture.Intrinsics!.Fx / pretended.Fx;
                picture.Intrinsics = pretended;
            }
        }).Perceive(perceiver).Subscribe(Keep, e => _error = e);
    }

    /// <summary>True when the picture can be shown as if it filled the painter's own field of view.</summary>
    public static bool CanEnlarge(IPainter painter, CameraIntrinsics camera, double factor) =>
        factor > 1 && painter.Description.HorizontalFovDegrees is not null && camera.IsPinhole;

    /// <summary>Shows a picture.</summary>
    /// <param name="picture">Borrowed.</param>
    /// <param name="whole">What the painter said about it.</param>
    /// <param name="wholeCamera">The pinhole that was painted.</param>
    /// <param name="truth">The truth in the pixels of the picture.</param>
    public void Show(CameraFrame picture, float[] whole, CameraIntrinsics wholeCamera, PictureTruth truth)
    {
        _depth = [];
        _pictures.OnNext(picture);
        if (_error is not null)
        {
            throw _error is VisionBananaException ? _error : new InferenceException($"The zoom test failed: {_error.Message}", _error);
        }

        if (_depth.Length == 0)
        {
            return;
        }

        _fromWhole ??= PixelMap.Create(wholeCamera, _painted!);
        _fromTruth ??= PixelMap.Create(_camera, _painted!);
        float[] before = _fromWhole.Apply<float>(whole, float.NaN), measured = truth.Through(_fromTruth).Depth;
        float[] ratios = [.. _depth.Zip(before).Where(p => float.IsFinite(p.First) && float.IsFinite(p.Second) && p.First > 0 && p.Second > 0)
            .Select(p => MathF.Log(p.First / p.Second))];
        _logRatios.Add(Statistics.Median(ratios));
        (float Painted, float True)[] both = [.. _depth.Zip(measured).Where(p => !float.IsNaN(p.First) && float.IsFinite(p.Second))];
        if (both.Length >= Evaluator.LeastShare * _depth.Length)
        {
            _figures.Add(DepthFigures.Of([.. both.Select(b => b.Painted)], [.. both.Select(b => b.True)]));
        }
    }

    public ZoomFigures Figures() => new(
        _factor,
        _pretendedFov is null ? "as_run" : "enlarged",
        Statistics.Median([.. _logRatios.Select(r => (float)r)]),
        Statistics.Deviation(_logRatios),
        Statistics.Mean(_figures.Select(f => f.AbsRel)),
        Statistics.Mean(_figures.Select(f => f.Delta1)));

    public void Dispose()
    {
        _subscription.Dispose();
        _pictures.Dispose();
    }

    private void Keep(PerceptionFrame frame)
    {
        _depth = frame.Find(PerceptKind.Depth)!.Depth.ToArray();
        for (int i = 0; i < _depth.Length && _focalRatio != 1; i++)
        {
            _depth[i] *= (float)_focalRatio;
        }

        // Rays of the crop as it really is.
        CameraIntrinsics camera = frame.Intrinsics!;
        _painted = camera with { Fx = camera.Fx * _focalRatio, Fy = camera.Fy * _focalRatio };
    }
}
