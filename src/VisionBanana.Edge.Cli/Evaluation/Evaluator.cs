using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// Measures a painter on a dataset, by the way every picture takes in a pipeline: rectified, painted in 8 bits, decoded. Everything is measured
/// in the pixels of the painted camera; the truth takes its nearest pixel there. Figures of depth are means over pictures; labels, objects,
/// normals and the surest pixels are those of the whole set.
/// </summary>
internal sealed class Evaluator
{
    /// <summary>A picture with less measured depth than this share of its pixels is skipped.</summary>
    public const double LeastShare = 0.02;

    private const int FlickerPictures = 10, FlickerRepeats = 8, NoiseSigma = 3;

    private readonly IPainter _painter;
    private readonly EvalOptions _options;
    private readonly Dataset _dataset;
    private readonly InstructionSchedule _schedule;
    private readonly TrueReadings? _readings;
    private readonly TaskMeasures _measures;
    private Perceiver _perceiver;
    private PixelMap? _truthMap;
    private int _measured, _skipped;

    /// <summary>Prepares the measurement.</summary>
    /// <param name="painter">The model; stays the caller's.</param>
    /// <param name="dataset">The pictures.</param>
    /// <param name="options">What else is measured.</param>
    /// <exception cref="ConfigurationException">The painter answers nothing that can be measured, or the options ask for what the dataset does not
    /// have.</exception>
    public Evaluator(IPainter painter, Dataset dataset, EvalOptions options)
    {
        (_painter, _dataset, _options) = (painter, dataset, options);
        PainterDescription description = painter.Description;
        if (options.MeanDepth.Length != 0 && options.MeanDepth.Length != description.Width * description.Height)
        {
            throw new ConfigurationException(
                $"--mean-depth: expected {description.Width}×{description.Height} pixels, the size that {description.Name} paints, found "
                    + $"{options.MeanDepth.Length} pixels.");
        }

        _measures = new TaskMeasures(painter, dataset, options);
        _schedule = new InstructionSchedule(_measures.Asked.Select(a => new ScheduledInstruction(a.Question)));
        if (options.Anchors.Count > 0 || options.IsSequence)
        {
            CameraIntrinsics painted = PaintedCamera.For(
                dataset.Camera, description.Width, description.Height, description.HorizontalFovDegrees, description.Fit)!;
            _readings = new TrueReadings(options.Anchors, painted, options.PainterStd);
            _truthMap = PixelMap.Create(dataset.Camera, painted);
        }

        _perceiver = NewPerceiver();
        _perceiver.RequireCalibrationFor(dataset.Camera);
    }

    /// <summary>AbsRel of every measured picture.</summary>
    public IReadOnlyDictionary<DatasetPicture, double> AbsRel => _measures.Depth.AbsRel;

    /// <summary>Names in the dataset's labels that the painter does not know: their pixels are not measured.</summary>
    public IEnumerable<string> UnknownClasses =>
        _dataset is { HasLabels: true, Settings.Labels: LabelKind.Classes } && _painter.Description.Kinds.Contains(PerceptKind.Labels)
            ? _dataset.Settings.Classes.Values.Where(n => _painter.Description.Classes.IndexOf(n) < 0)
            : [];

    /// <summary>Perceives and measures every picture.</summary>
    /// <param name="progress">Told after each picture how many are done.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    public EvalReport Run(Action<int> progress, CancellationToken cancellationToken)
    {
        List<ZoomTest> zooms = [];
        bool hasDepth = _painter.Description.Kinds.Contains(PerceptKind.Depth);
        FlickerMeter? clip = null;
        try
        {
            foreach (double factor in hasDepth ? _options.Zooms : [])
            {
                zooms.Add(new ZoomTest(_painter, _dataset.Camera, factor, isEnlarged: false));
                if (ZoomTest.CanEnlarge(_painter, _dataset.Camera, factor))
                {
                    zooms.Add(new ZoomTest(_painter, _dataset.Camera, factor, isEnlarged: true));
                }
            }

            for (int i = 0; i < _dataset.Pictures.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using CameraFrame picture = Read(_dataset.Pictures[i]);
                PictureTruth truth = _dataset.ReadTruth(_dataset.Pictures[i]);
                using PerceptionFrame frame = Perceive(picture, _dataset.Pictures[i], truth);
                Measure(_dataset.Pictures[i], frame, truth);
                if (hasDepth && zooms.Count > 0)
                {
                    float[] whole = frame.Find(PerceptKind.Depth)!.Depth.ToArray();
                    zooms.ForEach(z => z.Show(picture, whole, frame.Intrinsics!, truth));
                }

                if (hasDepth && _options.Flicker && _dataset.Settings.IsStatic)
                {
                    (clip ??= new FlickerMeter(frame.Width * frame.Height)).Add(frame.Find(PerceptKind.Depth)!.Depth);
                }

                progress(i + 1);
            }

            return Report() with
            {
                Zoom = [.. zooms.Select(z => z.Figures())],
                Flicker = !hasDepth || !_options.Flicker ? null : clip is null ? FlickerOfNoise(cancellationToken) : FiguresOf(
                    "static_pictures", [clip], _dataset.Pictures.Count),
            };
        }
        finally
        {
            zooms.ForEach(z => z.Dispose());
        }
    }

    /// <summary>Perceives one picture again; dispose the frame.</summary>
    public PerceptionFrame Perceive(DatasetPicture picture, out PictureTruth truth)
    {
        using CameraFrame colour = Read(picture);
        PictureTruth whole = _dataset.ReadTruth(picture);
        PerceptionFrame frame = Perceive(colour, picture, whole);
        truth = whole.Through(MapTo(frame));
        return frame;
    }

    private CameraFrame Read(DatasetPicture picture)
    {
        CameraFrame frame = _dataset.ReadColour(picture);
        frame.Support = (_options.Geometry, picture.Geometry) switch
        {
            (GeometryUse.Plane, { } known) => known,
            (GeometryUse.Up, { } known) => new SupportPlane(known.UpX, known.UpY, known.UpZ),
            _ => null,
        };
        return frame;
    }

    private Perceiver NewPerceiver() => new(
        _painter, _schedule, new PerceiveOptions { MaxFailuresInARow = 1, Scale = _readings?.Options() });

    /// <summary>Perceives a picture with what sensors would have told of it; those that are no clip know nothing of each other.</summary>
    private PerceptionFrame Perceive(CameraFrame picture, DatasetPicture named, PictureTruth whole)
    {
        if (_readings is not null)
        {
            _readings.Tell(picture, whole.Through(_truthMap!).Depth, named.Geometry, _options.IsSequence);
            _perceiver = _options.IsSequence ? _perceiver : NewPerceiver();
        }

        return Perceive(picture);
    }

    private PerceptionFrame Perceive(CameraFrame picture) => _perceiver.Perceive(picture, out PerceptionFrame? frame) is { } reason
        ? throw new InferenceException($"A picture of {_dataset.Folder} could not be perceived: {reason}.")
        : frame!;

    private PixelMap MapTo(PerceptionFrame frame) => _truthMap ??= PixelMap.Create(_dataset.Camera, frame.Intrinsics!);

    private void Measure(DatasetPicture picture, PerceptionFrame frame, PictureTruth whole)
    {
        PictureTruth truth = whole.Through(MapTo(frame));
        float[] depth = truth.Depth;
        _readings?.Hide(depth);
        if (depth.Count(float.IsFinite) < LeastShare * depth.Length)
        {
            _skipped++;
            return;
        }

        _measured++;
        _measures.Add(new MeasuredPicture(picture, frame, truth));
    }

    private EvalReport Report() => _measures.AddTo(new EvalReport
    {
        Dataset = _dataset.Name,
        Path = _dataset.Folder,
        Model = $"{_painter.Description.Name} {_painter.Description.Version}",
        Pictures = _measured,
        Skipped = _skipped,
        Geometry = _options.Geometry,
        Anchors = [.. _options.Anchors.Select(a => a.ToString())],
    });

    /// <summary>Pictures spread evenly over the set, each perceived several times with fresh noise.</summary>
    private FlickerFigures FlickerOfNoise(CancellationToken cancellationToken)
    {
        var random = new Random(1);
        List<FlickerMeter> meters = [];
        int step = Math.Max(1, _dataset.Pictures.Count / FlickerPictures);
        for (int i = 0; i < _dataset.Pictures.Count && meters.Count < FlickerPictures; i += step)
        {
            using CameraFrame picture = Read(_dataset.Pictures[i]);
            byte[] clean = picture.Pixels.ToArray();
            FlickerMeter? meter = null;
            for (int k = 0; k < FlickerRepeats; k++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (int b = 0; b < clean.Length; b++)
                {
                    double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                    picture.Pixels[b] = (byte)Math.Clamp(Math.Round(clean[b] + (NoiseSigma * normal)), 0, 255);
                }

                using PerceptionFrame frame = Perceive(picture);
                (meter ??= new FlickerMeter(frame.Width * frame.Height)).Add(frame.Find(PerceptKind.Depth)!.Depth);
            }

            meters.Add(meter!);
        }

        return FiguresOf("noise", meters, meters.Count);
    }

    private static FlickerFigures FiguresOf(string kind, IReadOnlyList<FlickerMeter> meters, int pictures)
    {
        float[] deviations = [.. meters.SelectMany(m => m.Deviations())];
        return new FlickerFigures(kind, pictures, Statistics.Mean(deviations.Select(d => (double)d)), Statistics.Quantile(deviations, 0.95));
    }
}
