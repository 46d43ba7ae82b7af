using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>Whether a provider gives the model's answers on this machine: once found out, kept beside the engines.</summary>
/// <param name="Figures">What was measured.</param>
/// <param name="Beyond">What is out of bounds; empty = it agrees.</param>
/// <param name="Checked">When.</param>
/// <param name="Versions">What ran, e.g. <c>onnxruntime 1.31.1, tensorrt 10.3.0, …</c>.</param>
public sealed record ParityVerdict(ParityFigures Figures, ImmutableArray<string> Beyond, DateTimeOffset Checked, string Versions)
{
    /// <summary>True when it gives the model's answers.</summary>
    public bool Agrees => Beyond.IsEmpty;

    /// <summary>In words.</summary>
    public override string ToString() => Agrees
        ? $"agrees with fp32 on the processor ({Figures})"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"its answers are not the model's: {string.Join("; ", Beyond)} ({Figures}; checked {Checked:yyyy-MM-dd} with {Versions}). Another version of "
                + $"it may be right; vbedge engine verify checks again");
}
