using System.Collections.Immutable;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What <c>vbedge model inspect</c> tells about a verified package.</summary>
/// <param name="Manifest">Everything the manifest says.</param>
/// <param name="Graphs">What each file holds.</param>
/// <param name="Kinds">The instructions it answers, by kind.</param>
/// <param name="SampleInstructions">A prompt for each kind, as it may be typed.</param>
public sealed record ModelSummary(
    ModelManifest Manifest, ImmutableArray<ModelGraphSummary> Graphs, ImmutableArray<PerceptKind> Kinds, ImmutableArray<string> SampleInstructions);
