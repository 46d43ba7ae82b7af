using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
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

    private const int FlickerPictures = 10, FlickerRepeats = 8, NoiseSigma = 3, MostBaselinePixels = 30_000;

    private static readonly Rgb24 InstanceBackground = new(88, 50, 82);

    private readonly IPainter _painter;
    private readonly EvalOptions _options;
    private readonly Dataset _dataset;
    private readonly InstructionSchedule _schedule;
    private readonly TrueReadings? _readings;
    private readonly SequenceMeter? _sequence;
    private readonly List<PictureFigures> _figures = [];
    private readonly List<float[]> _truths = [];
    private readonly AngleFigures _angles = new();
    private readonly ClassOverlap _classes = new();
    private readonly ObjectOverlap _objects = new();
    private readonly ConfidenceFigures _confidence = new();
    private readonly InstancePrecision? _instances;
    private readonly Dictionary<int, string> _paintedNames;
    private Perceiver _perceiver;
    private PixelMap? _truthMap;
    private int _skipped, _anchored;

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
        List<Instruction> asked = [];
        asked.AddRange(description.Kinds.Contains(PerceptKind.Depth) ? [Instruction.MetricDepth()] : []);
        asked.AddRange(description.Kinds.Contains(PerceptKind.Labels) ? [Instruction.Semantic(description.Classes)] : []);
        asked.AddRange(description.Kinds.Contains(PerceptKind.Normals) ? [Instruction.SurfaceNormals()] : []);
        var objects = Instruction.Instances(dataset.Settings.ObjectClass, InstanceBackground);
        if (dataset is { HasLabels: true, Settings.Labels: LabelKind.Instances } && painter.WhyNot(objects) is null)
        {
            asked.Add(objects);
            _instances = new InstancePrecision();
        }

        if (options.MeanDepth.Length != 0 && options.MeanDepth.Length != description.Width * description.Height)
        {
            throw new ConfigurationException(
                $"--mean-depth: expected {description.Width}×{description.Height} pixels, the size that {description.Name} paints, found "
                    + $"{options.MeanDepth.Length} pixels.");
        }

        _schedule = new InstructionSchedule(asked.Select(i => new ScheduledInstruction(i)));
        if (options.Anchors.Count > 0 || options.IsSequence)
        {
            CameraIntrinsics painted = PaintedCamera.For(
                dataset.Camera, description.Width, description.Height, description.HorizontalFovDegrees, description.Fit)!;
            _readings = new TrueReadings(options.Anchors, painted, options.PainterStd);
            _truthMap = PixelMap.Create(dataset.Camera, painted);
            _sequence = options.IsSequence ? new SequenceMeter() : null;
        }

        _perceiver = NewPerceiver();
        _perceiver.RequireCalibrationFor(dataset.Camera);
        _paintedNames = description.Classes.ToDictionary(c => c.Id, c => c.Name);
    }

    /// <summary>AbsRel of every measured picture.</summary>
    public IReadOnlyDictionary<DatasetPicture, double> AbsRel => _figures.ToDictionary(f => f.Picture, f => f.Depth.AbsRel);

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

        if (frame.Find(PerceptKind.Depth) is { } painted)
        {
            _truths.Add(Thinned([.. depth.Where(float.IsFinite)]));
            if (PictureFigures.Of(picture, painted, depth, frame.Width, _options.MeanDepth, _confidence) is { } figures)
            {
                _figures.Add(figures);
                _sequence?.Add(figures.Depth.LogScale, frame.Scale);
                _anchored += frame.Scale.Anchors.Count > 0 ? 1 : 0;
            }
        }
        else
        {
            _truths.Add([]);
        }

        if (frame.Find(PerceptKind.Normals) is { } normals)
        {
            float[] expected = DepthNormals.Of(depth, frame.Intrinsics!);
            for (int i = 0; i < expected.Length; i += 3)
            {
                if (!float.IsNaN(expected[i]) && !float.IsNaN(normals.Normals[i]))
                {
                    _angles.Add(expected.AsSpan(i, 3), normals.Normals.Slice(i, 3));
                }
            }
        }

        if (truth.Labels.Length > 0)
        {
            MeasureLabels(frame, truth);
        }
    }

    /// <summary>Evenly spread pixels: large pictures of large sets would fill the memory for a baseline that does not need them all.</summary>
    private static float[] Thinned(float[] values)
    {
        int step = ((values.Length - 1) / MostBaselinePixels) + 1;
        return step == 1 ? values : [.. values.Where((_, i) => i % step == 0)];
    }

    private void MeasureLabels(PerceptionFrame frame, PictureTruth truth)
    {
        Percept? labels = frame.Find(PerceptKind.Labels);
        if (_dataset.Settings.Labels == LabelKind.Instances)
        {
            ushort? support = ObjectOverlap.SupportOf(truth.Labels);
            int objectClass = _painter.Description.Classes.IndexOf(_dataset.Settings.ObjectClass);
            if (labels is not null && objectClass >= 0 && support is not null)
            {
                int id = _painter.Description.Classes[objectClass].Id;
                for (int i = 0; i < truth.Labels.Length; i++)
                {
                    if (float.IsFinite(truth.Depth[i]))
                    {
                        _objects.Add(labels.Labels[i] == id, ObjectOverlap.IsLabelled(truth.Labels[i]) && truth.Labels[i] != support);
                    }
                }
            }

            if (_instances is not null && frame.Find(PerceptKind.Instances) is { } instances)
            {
                _instances.Add(instances.Labels, instances.Confidence, truth.Labels, support);
            }

            return;
        }

        for (int i = 0; labels is not null && i < truth.Labels.Length; i++)
        {
            if (frame.HasSource[i] && _dataset.Settings.Classes.TryGetValue(truth.Labels[i], out string? name)
                && _painter.Description.Classes.IndexOf(name) >= 0)
            {
                _classes.Add(_paintedNames.GetValueOrDefault(labels.Labels[i]), name);
            }
        }
    }

    private EvalReport Report()
    {
        double Mean(Func<PictureFigures, double> figure) => Statistics.Mean(_figures.Select(figure));
        SortedDictionary<string, double> iou = _classes.Iou();
        var report = new EvalReport
        {
            Dataset = _dataset.Name,
            Path = _dataset.Folder,
            Model = $"{_painter.Description.Name} {_painter.Description.Version}",
            Pictures = _truths.Count,
            Skipped = _skipped,
            Geometry = _options.Geometry,
            Anchors = [.. _options.Anchors.Select(a => a.ToString())],
            Anchored = _readings is null ? null : _anchored,
            Sequence = _sequence?.Figures(),
            NormalMeanDeg = _angles.MeanDegrees,
            NormalMedianDeg = _angles.MedianDegrees,
            NormalWithin22 = _angles.Within(22.5),
            Miou = Statistics.Mean(iou.Values),
            Iou = iou,
            ObjectIou = _objects.Iou,
            InstanceAp = _instances?.Ap ?? double.NaN,
            InstanceAp50 = _instances?.Ap50 ?? double.NaN,
        };
        if (_figures.Count == 0)
        {
            return report;
        }

        var baseline = new ConstantBaseline(_truths);
        double[] scales = [.. _figures.Select(f => f.Depth.LogScale)];
        return report with
        {
            Coverage = Mean(f => f.Coverage),
            Delta1 = Mean(f => f.Depth.Delta1),
            AbsRel = Mean(f => f.Depth.AbsRel),
            Rmse = Mean(f => f.Depth.Rmse),
            Delta1Aligned = Mean(f => f.Depth.Delta1Aligned),
            AbsRelAligned = Mean(f => f.Depth.AbsRelAligned),
            ConstantM = baseline.Metres,
            Delta1Baseline = baseline.Delta1,
            AbsRelBaseline = baseline.AbsRel,
            Delta1AlignedBaseline = baseline.Delta1Aligned,
            AbsRelAlignedBaseline = baseline.AbsRelAligned,
            Delta1MeanDepth = Mean(f => f.MeanDepth?.Delta1 ?? double.NaN),
            AbsRelMeanDepth = Mean(f => f.MeanDepth?.AbsRel ?? double.NaN),
            Delta1AlignedMeanDepth = Mean(f => f.MeanDepth?.Delta1Aligned ?? double.NaN),
            AbsRelAlignedMeanDepth = Mean(f => f.MeanDepth?.AbsRelAligned ?? double.NaN),
            LogScale = Statistics.Mean(scales),
            DepthScaleDoubt = DepthScaleDoubt.Of(Statistics.Mean(scales), _dataset.Settings),
            LogScaleSpread = Statistics.Deviation(scales),
            AbsRelConfident90 = _confidence.AbsRel,
            AbsRelAlignedConfident90 = _confidence.AbsRelAligned,
            AbsRelBest90 = _confidence.BestAbsRel,
            AbsRelAlignedBest90 = _confidence.BestAbsRelAligned,
            ConfidenceAuc = Mean(f => f.ConfidenceAuc),
            ConfidenceAucAligned = Mean(f => f.ConfidenceAucAligned),
            Delta1Edges = Mean(f => f.Delta1Edges),
            Delta1EdgesAligned = Mean(f => f.Delta1EdgesAligned),
        };
    }

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
