using VisionBanana.Edge.Cli.Evaluation;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Onnx.Tests;

namespace VisionBanana.Edge.Cli.Tests.Evaluation;

/// <summary>The table of what is measured is whole: a task that was forgotten is named here.</summary>
public sealed class TaskMeasuresTests
{
    [Fact]
    public void All_EveryKindOfPercept_HasOneEntry()
    {
        using var data = new TestDataset();
        data.Add("a", (_, _) => new Rgb24(60, 0, 0), (_, _) => 1);
        using TestModel model = TestModel.Painter();
        using OnnxPainter painter = model.Load();

        var measures = new TaskMeasures(painter, data.Open(), new EvalOptions());

        Assert.Equal(Enum.GetValues<PerceptKind>(), measures.All.Select(m => m.Kind).Order());
    }
}
