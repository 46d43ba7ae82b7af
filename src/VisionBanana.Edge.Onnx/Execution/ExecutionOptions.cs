using System.Collections.Immutable;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>How a model is to be run.</summary>
public sealed record ExecutionOptions
{
    private static readonly string[] Precisions = ["fp32", "fp16", "int8"];

    /// <summary>Providers in the order in which they are tried; the first that works runs.</summary>
    public ImmutableArray<ExecutionProvider> Prefer { get; init; } = [ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.Cpu];

    /// <summary>The provider that must run: loading fails when it cannot, instead of falling to the next. Null = any of <see cref="Prefer"/>.</summary>
    public ExecutionProvider? Require { get; init; }

    /// <summary>The GPU to use, counted from 0.</summary>
    public int DeviceId { get; init; }

    /// <summary>Threads of one run on the processor; null = <see cref="ProcessorTopology.DefaultThreads"/>.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// Threads wait for work in a busy loop: a little faster from frame to frame, and a processor that is never idle.
    /// Off by default, since a robot has other work to do.
    /// </summary>
    public bool Spinning { get; init; }

    /// <summary>The precision of the file to run; null = the package's first choice.</summary>
    public ModelPrecision? Precision { get; init; }

    /// <summary>Allows TensorRT to compute a float32 file in float16.</summary>
    public bool TensorRtFp16 { get; init; } = true;

    /// <summary>Reads the section <c>execution</c> of a configuration; problems go to the section's list.</summary>
    public static ExecutionOptions Read(YamlSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var defaults = new ExecutionOptions();
        IReadOnlyList<string> names = section.Strings("prefer", required: false);
        var prefer = ImmutableArray.CreateBuilder<ExecutionProvider>();
        foreach (string name in names)
        {
            int index = Array.IndexOf(ExecutionProviderNames.All, name);
            if (index < 0 || prefer.Contains((ExecutionProvider)index))
            {
                section.Problem("prefer", $"expected each of {string.Join(", ", ExecutionProviderNames.All)} at most once, found '{name}'");
            }
            else
            {
                prefer.Add((ExecutionProvider)index);
            }
        }

        var options = new ExecutionOptions
        {
            Prefer = prefer.Count > 0 ? prefer.ToImmutable() : defaults.Prefer,
            Require = (ExecutionProvider?)section.OptionalOneOf("require", ExecutionProviderNames.All),
            DeviceId = section.OptionalInt("device_id", 0, 63) ?? defaults.DeviceId,
            Threads = section.OptionalInt("threads", 1, 256),
            Spinning = section.OptionalBool("spinning") ?? defaults.Spinning,
            Precision = (ModelPrecision?)section.OptionalOneOf("precision", Precisions),
            TensorRtFp16 = section.OptionalBool("tensorrt_fp16") ?? defaults.TensorRtFp16,
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
