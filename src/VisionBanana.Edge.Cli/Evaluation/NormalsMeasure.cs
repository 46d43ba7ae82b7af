using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Normals against those of the true depth. Figures are of the whole set.</summary>
internal sealed class NormalsMeasure() : TaskMeasure(PerceptKind.Normals)
{
    private readonly AngleFigures _angles = new();

    public override Instruction? Question(IPainter painter, Dataset dataset) => When(painter, Instruction.SurfaceNormals);

    public override void Add(Percept painted, MeasuredPicture picture)
    {
        float[] expected = DepthNormals.Of(picture.Truth.Depth, picture.Frame.Intrinsics!);
        for (int i = 0; i < expected.Length; i += 3)
        {
            if (!float.IsNaN(expected[i]) && !float.IsNaN(painted.Normals[i]))
            {
                _angles.Add(expected.AsSpan(i, 3), painted.Normals.Slice(i, 3));
            }
        }
    }

    public override EvalReport AddTo(EvalReport report) => report with
    {
        NormalMeanDeg = _angles.MeanDegrees,
        NormalMedianDeg = _angles.MedianDegrees,
        NormalWithin22 = _angles.Within(22.5),
    };
}
