using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Tests.Models;

/// <summary>What belongs to each kind of output: what was forgotten when one was added is named here.</summary>
public sealed class OutputKindTests
{
    public static TheoryData<OutputKind> All => [.. Enum.GetValues<OutputKind>()];

    [Fact]
    public void Words_EachKind_HasItsOwnInItsPlace() => Assert.Equal(
        Enum.GetNames<OutputKind>().Select(
            name => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{c}")).ToLowerInvariant()),
        ManifestReader.Kinds);

    /// <summary>
    /// Every manifest there is run with a graph (<c>BringYourOwnTests</c>, <c>BundledPainterTests</c>): its kind has tensors, answers and a runner.
    /// </summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Manifests_EachKind_HasOneThatTestsRun(OutputKind kind)
    {
        string models = Path.Combine(Nearby.RepositoryRoot, "models");
        string[] manifests = [Path.Combine(models, "painter-s", "model.yaml"), .. Directory.GetFiles(Path.Combine(models, "bring-your-own"), "*.yaml")];
        string word = ManifestReader.Kinds[(int)kind];

        Assert.Contains(manifests, file => File.ReadAllText(file).Contains($"kind: {word}", StringComparison.Ordinal));
    }
}
