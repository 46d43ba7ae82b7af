using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Everything that <c>camera.source</c> may name. A new kind is one file (<see cref="SourceKind"/>) and one line here.</summary>
internal static class SourceKinds
{
    public static SourceTable All { get; } = new([new RecordingKind(new OpenCvImageDecoder(), RecordingFormats.All), .. CameraSource.Kinds]);
}
