using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Tests.Models;

public sealed class TaskFormsTests
{
    [Fact]
    public void All_EveryKindOfPercept_HasOneEntry() =>
        Assert.Equal(Enum.GetValues<PerceptKind>().Order(), TaskForms.All.Select(form => form.Kind).Order());

    [Fact]
    public void All_EveryFormThatIsWritten_StandsInTheTable()
    {
        IEnumerable<string> written = typeof(TaskForm).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TaskForm))).Select(type => type.Name);
        Assert.Equal(written.Order(), TaskForms.All.Select(form => form.GetType().Name).Order());
    }
}
