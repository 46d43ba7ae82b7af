using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>A pipeline that is ready to run, with what a program may ask of its parts.</summary>
/// <param name="Pipeline">It, to be run once and disposed.</param>
/// <param name="Recordings">Makes recordings of it.</param>
/// <param name="Recorder">What records the run, one of its sinks, or null.</param>
/// <param name="Replayed">The recording whose pictures are perceived, or null.</param>
internal sealed record OpenedPipeline(PerceptionPipeline Pipeline, RecordingFactory Recordings, RecordingTransport? Recorder, RecordingSource? Replayed);
