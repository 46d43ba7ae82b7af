using VisionBanana.Edge.Cli.Viewing;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>A pipeline that is ready to run.</summary>
/// <param name="Pipeline">It.</param>
/// <param name="Parts">What it is put together from.</param>
/// <param name="View">The live view, one of its sinks, or null.</param>
/// <param name="Resources">What must be disposed after the run.</param>
/// <param name="Recorder">What records the run, one of its sinks, or null.</param>
/// <param name="Recording">The recording whose pictures are perceived, or null.</param>
internal sealed record BuiltPipeline(
    PerceptionPipeline Pipeline, PipelineParts Parts, LiveView? View, IDisposable Resources, RecordingTransport? Recorder = null, RecordingSource? Recording = null);
