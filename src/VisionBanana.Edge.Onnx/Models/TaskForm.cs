using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>How a model is asked for one kind of percept: an entry of <see cref="TaskForms.All"/>.</summary>
/// <param name="kind">What the answers decode to.</param>
internal abstract class TaskForm(PerceptKind kind)
{
    public PerceptKind Kind => kind;

    /// <summary>Whether a painter was trained for it.</summary>
    public abstract bool IsIn(ModelTasks tasks);

    /// <summary>Something that a model with this task can be asked.</summary>
    public abstract Instruction Sample(ModelManifest manifest);

    /// <summary>Everything of this kind that a model might answer; what it cannot, it says (<see cref="WhyNot"/>).</summary>
    public virtual IEnumerable<Instruction> Samples(ModelManifest manifest) => [Sample(manifest)];

    /// <summary>How two answers are compared when a provider is held against the processor; null = another task's answers say as much.</summary>
    public abstract AnswerMeasure? Measure { get; }

    /// <summary>Why a model cannot answer, or null when it can.</summary>
    /// <param name="classes">The classes of the model.</param>
    /// <param name="instruction">What is asked, of this kind.</param>
    /// <param name="answersKind">Whether the model answers with this kind at all.</param>
    public virtual string? WhyNot(KnownClasses classes, Instruction instruction, bool answersKind) =>
        answersKind ? null : $"{classes.Model} was not made for {InstructionForms.Of(kind).Noun}";

    /// <summary>The palette and the value of the task input that ask a painter for it. It can answer: <see cref="WhyNot"/> gave null.</summary>
    public abstract PreparedInstruction Prepare(ModelManifest manifest, KnownClasses classes, Instruction instruction);
}
