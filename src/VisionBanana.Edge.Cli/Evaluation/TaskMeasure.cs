using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What is measured of the answers to one task: an entry of <see cref="TaskMeasures"/>.</summary>
/// <param name="kind">What the answers decode to.</param>
internal abstract class TaskMeasure(PerceptKind kind)
{
    public PerceptKind Kind => kind;

    /// <summary>What the painter is asked; null = this painter cannot answer, or this dataset cannot judge it.</summary>
    public abstract Instruction? Question(IPainter painter, Dataset dataset);

    /// <summary>Measures one answer.</summary>
    public abstract void Add(Percept painted, MeasuredPicture picture);

    /// <summary>The report with the figures of all that was added.</summary>
    public abstract EvalReport AddTo(EvalReport report);

    /// <summary>The question, for painters that answer with this kind.</summary>
    protected Instruction? When(IPainter painter, Func<Instruction> question) => painter.Description.Kinds.Contains(kind) ? question() : null;
}
