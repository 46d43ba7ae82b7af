using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// Classes against the classes of the dataset; where it labels objects instead, the class of objects against all of them. Figures are of the whole set.
/// </summary>
internal sealed class LabelsMeasure(IPainter painter, Dataset dataset) : TaskMeasure(PerceptKind.Labels)
{
    private readonly LabelPalette _classes = painter.Description.Classes;
    private readonly Dictionary<int, string> _names = painter.Description.Classes.ToDictionary(c => c.Id, c => c.Name);
    private readonly ClassOverlap _overlap = new();
    private readonly ObjectOverlap _objects = new();

    public override Instruction? Question(IPainter painter, Dataset dataset) => When(painter, () => Instruction.Semantic(_classes));

    public override void Add(Percept painted, MeasuredPicture picture)
    {
        if (picture.Truth.Labels.Length == 0)
        {
            return;
        }

        if (dataset.Settings.Labels == LabelKind.Instances)
        {
            AddObjects(painted, picture.Truth);
        }
        else
        {
            AddClasses(painted, picture);
        }
    }

    public override EvalReport AddTo(EvalReport report)
    {
        SortedDictionary<string, double> iou = _overlap.Iou();
        return report with { Miou = Statistics.Mean(iou.Values), Iou = iou, ObjectIou = _objects.Iou };
    }

    private void AddObjects(Percept painted, PictureTruth truth)
    {
        int objectClass = _classes.IndexOf(dataset.Settings.ObjectClass);
        if (objectClass < 0 || ObjectOverlap.SupportOf(truth.Labels) is not { } support)
        {
            return;
        }

        int id = _classes[objectClass].Id;
        for (int i = 0; i < truth.Labels.Length; i++)
        {
            if (float.IsFinite(truth.Depth[i]))
            {
                _objects.Add(painted.Labels[i] == id, ObjectOverlap.IsLabelled(truth.Labels[i]) && truth.Labels[i] != support);
            }
        }
    }

    private void AddClasses(Percept painted, MeasuredPicture picture)
    {
        ushort[] truth = picture.Truth.Labels;
        for (int i = 0; i < truth.Length; i++)
        {
            if (picture.Frame.HasSource[i] && dataset.Settings.Classes.TryGetValue(truth[i], out string? name) && _classes.IndexOf(name) >= 0)
            {
                _overlap.Add(_names.GetValueOrDefault(painted.Labels[i]), name);
            }
        }
    }
}
