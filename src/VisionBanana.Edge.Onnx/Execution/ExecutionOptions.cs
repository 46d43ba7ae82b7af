using System.Collections.Immutable;
using System.Globalization;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>How a model is to be run.</summary>
public sealed record ExecutionOptions
{
    private static readonly string[] ParityPolicies = ["engines", "always", "never"];

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

    /// <summary>
    /// The precision to compute in; null = what suits the provider: TensorRT computes in fp16, CUDA takes the fp16 file, the processor the int8 file
    /// where it multiplies int8 natively, and each of them the fp32 file where the package has no other.
    /// </summary>
    public ModelPrecision? Precision { get; init; }

    /// <summary>How long a graph may take to load and to run for the first time; the building of engines has no limit. 120 s by default.</summary>
    public TimeSpan LoadTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Whether a provider's answers are compared with the model's before they are believed.</summary>
    public ParityPolicy Parity { get; init; } = ParityPolicy.Engines;

    /// <summary>How TensorRT builds and runs.</summary>
    public TensorRtOptions TensorRt { get; init; } = new();

    /// <summary>Where built engines are kept, and when they are built.</summary>
    public EngineCacheOptions EngineCache { get; init; } = new();

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
            Precision = (ModelPrecision?)section.OptionalOneOf("precision", ModelPrecisionNames.All),
            LoadTimeout = section.OptionalInt("load_timeout_s", 1, 24 * 3600) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.LoadTimeout,
            Parity = (ParityPolicy?)section.OptionalOneOf("parity", ParityPolicies) ?? defaults.Parity,
            TensorRt = section.OptionalSection("tensorrt") is { } tensorRt ? TensorRtOptions.Read(tensorRt) : defaults.TensorRt,
            EngineCache = section.OptionalSection("engine_cache") is { } cache ? EngineCacheOptions.Read(cache) : defaults.EngineCache,
        };
        if (options is { TensorRt.DlaCore: not null, Precision: ModelPrecision.Fp32 })
        {
            section.Problem("precision", "a deep learning accelerator computes in fp16 or int8; choose one of them or remove tensorrt.dla_core");
        }

        section.RefuseUnknownKeys();
        return options;
    }

    /// <summary>What makes two sessions of the same file and provider different, in one line.</summary>
    internal string SessionText(ExecutionProvider provider) => provider == ExecutionProvider.Cpu
        ? string.Create(CultureInfo.InvariantCulture, $"threads={Threads ?? ProcessorTopology.DefaultThreads} spinning={Spinning}")
        : string.Create(CultureInfo.InvariantCulture, $"device={DeviceId} {(provider == ExecutionProvider.TensorRt ? TensorRt : "")}");
}
