using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>A pipeline that is ready to run.</summary>
/// <param name="Pipeline">It.</param>
/// <param name="Parts">What it is put together from.</param>
/// <param name="View">The live view, one of its sinks, or null.</param>
/// <param name="Resources">What must be disposed after the run.</param>
internal sealed record BuiltPipeline(PerceptionPipeline Pipeline, PipelineParts Parts, LiveView? View, IDisposable Resources);
