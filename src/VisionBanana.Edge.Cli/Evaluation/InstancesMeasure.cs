using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Objects told apart, against the labelled objects of the dataset. Figures are of the whole set.</summary>
internal sealed class InstancesMeasure() : TaskMeasure(PerceptKind.Instances)
{
    private static readonly Rgb24 Background = new(88, 50, 82);

    private readonly InstancePrecision _precision = new();
    private bool _isAsked;

    public override Instruction? Question(IPainter painter, Dataset dataset)
    {
        var objects = Instruction.Instances(dataset.Settings.ObjectClass, Background);
        _isAsked = dataset is { HasLabels: true, Settings.Labels: LabelKind.Instances } && painter.WhyNot(objects) is null;
        return _isAsked ? objects : null;
    }

    public override void Add(Percept painted, MeasuredPicture picture)
    {
        ushort[] truth = picture.Truth.Labels;
        if (truth.Length > 0)
        {
            _precision.Add(painted.Labels, painted.Confidence, truth, ObjectOverlap.SupportOf(truth));
        }
    }

    public override EvalReport AddTo(EvalReport report) =>
        _isAsked ? report with { InstanceAp = _precision.Ap, InstanceAp50 = _precision.Ap50 } : report;
}
