using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Tests.Viewing;

/// <summary>The table of layers is whole: what was forgotten when a task or a layer was added is named here.</summary>
public sealed class LayerKindsTests
{
    [Fact]
    public void All_EveryKindOfPercept_HasALayer() =>
        Assert.Empty(Enum.GetValues<PerceptKind>().Except(LayerKinds.All.Select(layer => layer.Kind).OfType<PerceptKind>()));

    [Fact]
    public void All_EveryKindOfLayer_StandsInTheTable()
    {
        IEnumerable<string> kinds = typeof(LayerKind).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(LayerKind))).Select(type => type.Name);
        Assert.Empty(kinds.Except(LayerKinds.All.Select(layer => layer.GetType().Name)));
    }

    [Fact]
    public void All_EveryName_IsFoundAndStandsOnce()
    {
        Assert.All(LayerKinds.All, (layer, index) => Assert.Equal(index, LayerKinds.IndexOf(layer.Name)));
        Assert.Equal(-1, LayerKinds.IndexOf("smell"));
        Assert.Equal(-1, LayerKinds.IndexOf(null));
    }

    [Fact]
    public void All_EveryForm_IsKnownToThePage()
    {
        string page = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "src", "VisionBanana.Edge.Cli", "view", "src", "layers.ts"));
        Assert.All(LayerKinds.All, layer => Assert.Contains($"\n  {layer.Form}: {{", page, StringComparison.Ordinal));
    }
}
