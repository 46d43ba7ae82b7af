using System.Collections.Immutable;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>The table of what is measured, one entry for each kind of percept, with the figures of one run.</summary>
internal sealed class TaskMeasures
{
    public TaskMeasures(IPainter painter, Dataset dataset, EvalOptions options)
    {
        Depth = new DepthMeasure(dataset, options);
        All = [Depth, new LabelsMeasure(painter, dataset), new NormalsMeasure(), new InstancesMeasure(), new MaskMeasure()];
        Asked = [.. All.Select(m => (m, m.Question(painter, dataset))).Where(m => m.Item2 is not null).Select(m => (m.m, m.Item2!))];
    }

    /// <summary>Every entry.</summary>
    public ImmutableArray<TaskMeasure> All { get; }

    /// <summary>Depth, which other tests build on.</summary>
    public DepthMeasure Depth { get; }

    /// <summary>What this painter is asked, with what measures the answer.</summary>
    public ImmutableArray<(TaskMeasure Measure, Instruction Question)> Asked { get; }

    /// <summary>Measures every answer of a picture.</summary>
    public void Add(MeasuredPicture picture)
    {
        foreach ((TaskMeasure measure, Instruction _) in Asked)
        {
            if (picture.Frame.Find(measure.Kind) is { } painted)
            {
                measure.Add(painted, picture);
            }
        }
    }

    /// <summary>The report with all figures.</summary>
    public EvalReport AddTo(EvalReport report) => All.Aggregate(report, (r, measure) => measure.AddTo(r));

    /// <summary>No dataset says what a phrase refers to; where it is a class, <see cref="LabelsMeasure"/> measures it.</summary>
    private sealed class MaskMeasure() : TaskMeasure(PerceptKind.Mask)
    {
        public override Instruction? Question(IPainter painter, Dataset dataset) => null;

        public override void Add(Percept painted, MeasuredPicture picture) => throw new NotSupportedException("It is never asked.");

        public override EvalReport AddTo(EvalReport report) => report;
    }
}
