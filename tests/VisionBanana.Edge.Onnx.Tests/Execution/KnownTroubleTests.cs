using System.Collections.Immutable;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

public sealed class KnownTroubleTests
{
    [Theory]
    [InlineData("10.3.0", "Softmax MatMul LayerNormalization", ModelPrecision.Fp32, "issues/4419")]
    [InlineData("10.3.0", "com.microsoft::Attention", ModelPrecision.Fp16, "issues/4419")]
    [InlineData("10.3.0", "Conv Relu", ModelPrecision.Fp16, null)]
    [InlineData("10.5.0", "Softmax MatMul", ModelPrecision.Fp16, null)]
    [InlineData("10.16.1", "Softmax MatMul", ModelPrecision.Fp16, "issues/4748")]
    [InlineData("10.16.1", "Softmax MatMul", ModelPrecision.Fp32, null)]
    [InlineData("10.0.1", "Conv", ModelPrecision.Fp16, "issues/3897")]
    [InlineData(null, "Softmax MatMul", ModelPrecision.Fp16, null)]
    public void Of_VersionAndGraph_TellsWhatWasReported(string? version, string operators, ModelPrecision precision, string? source)
    {
        var file = new ModelFile("m.onnx", new string('0', 64), precision);
        var graph = new ModelGraphSummary(file, 1, 17, "", 1, 1, [], []) { Operators = operators.Split(' ').ToImmutableHashSet() };

        KnownTrouble[] found = [.. KnownTrouble.Of(version, graph, precision)];

        Assert.Equal(source is null ? 0 : 1, found.Length);
        Assert.All(found, t => Assert.Contains(source!, t.ToString(), StringComparison.Ordinal));
    }
}
