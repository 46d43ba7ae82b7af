using System.Globalization;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>How the building of an engine stands, once a second.</summary>
/// <param name="Model">The package.</param>
/// <param name="Provider">What is built for.</param>
/// <param name="Precision">What it will compute in.</param>
/// <param name="Phase">What is being done.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Expected">How long it should take altogether, from earlier builds on this machine; null = there was none.</param>
public sealed record EngineBuildProgress(
    string Model, ExecutionProvider Provider, string Precision, EngineBuildPhase Phase, TimeSpan Elapsed, TimeSpan? Expected)
{
    /// <summary>e.g. <c>building painter-s fp16 for tensorrt: 35 s, about 120 s left</c>.</summary>
    public override string ToString()
    {
        string what = $"{Model} {Precision} for {Provider.Name()}";
        string elapsed = Seconds(Elapsed);
        return Phase switch
        {
            EngineBuildPhase.Waiting => $"waiting for another process that builds {what}: {elapsed}",
            EngineBuildPhase.Built => $"built {what} in {elapsed}",
            _ => $"building {what}: {elapsed}, " + (Expected is not { } expected ? "no earlier build to estimate from"
                : expected > Elapsed ? $"about {Seconds(expected - Elapsed)} left"
                : $"longer than the {Seconds(expected)} of earlier builds"),
        };
    }

    private static string Seconds(TimeSpan time) =>
        time.TotalSeconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
