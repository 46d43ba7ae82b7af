using VisionBanana.Edge.Hosting.Configuration;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>What is measured.</summary>
/// <param name="Pipeline">Model, pictures, instructions and streams; its transports are measured apart.</param>
/// <param name="Rates">Fixed input rates in Hz, beside flat out.</param>
/// <param name="Seconds">How long measuring takes in all, without loading.</param>
internal sealed record BenchSettings(PipelineFile Pipeline, IReadOnlyList<double> Rates, double Seconds);
