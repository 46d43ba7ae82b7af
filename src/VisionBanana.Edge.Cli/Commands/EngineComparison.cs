using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>One line of <c>vbedge engine verify</c>.</summary>
/// <param name="Provider">What ran.</param>
/// <param name="Precision">What it computed in; null when it does not work.</param>
/// <param name="Verdict">Whether it gives the model's answers; null when it does not work.</param>
/// <param name="Problem">Why it does not work; null when it does.</param>
/// <param name="WasAsked">Somebody named this provider: that it does not work is a failure.</param>
internal sealed record EngineComparison(ExecutionProvider Provider, string? Precision, ParityVerdict? Verdict, string? Problem, bool WasAsked)
{
    /// <summary>Compares the provider that was asked for, or all of them; the processor in every precision of the package.</summary>
    public static IEnumerable<EngineComparison> Of(ModelPackage package, ExecutionOptions options, ExecutionProvider? only, CancellationToken cancellationToken)
    {
        foreach (ExecutionProvider provider in only is { } one ? [one] : Enum.GetValues<ExecutionProvider>())
        {
            ModelPrecision?[] precisions = provider == ExecutionProvider.Cpu && options.Precision is null
                ? [.. package.Manifest.Files.Select(f => (ModelPrecision?)f.Precision)]
                : [options.Precision];
            foreach (ModelPrecision? precision in precisions)
            {
                EngineComparison comparison;
                try
                {
                    EngineVerification found = OnnxPainter.VerifyEngine(
                        package, options with { Require = provider, Precision = precision }, new BuildPrinter(), cancellationToken);
                    comparison = new EngineComparison(provider, found.Precision, found.Verdict, null, only is not null);
                }
                catch (InferenceException e)
                {
                    comparison = new EngineComparison(provider, precision?.Name(), null, e.Message, only is not null);
                }

                yield return comparison;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Verdict is null ? $"{Provider.Name()}: {Problem}" : $"{Provider.Name()} {Precision}: {Verdict}";
}
