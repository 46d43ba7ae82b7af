using System.Collections.Immutable;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What <c>model.yaml</c> says about a model. Facts about a model are data of the model; the schema is in <c>models/README.md</c>.</summary>
public sealed record ModelManifest
{
    /// <summary>The schema version this SDK reads.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The name of the manifest in a package folder.</summary>
    public const string FileName = "model.yaml";

    /// <summary>Name of the package.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the package.</summary>
    public required string Version { get; init; }

    /// <summary>SPDX expression of the weights' licence.</summary>
    public required string Licence { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Description { get; init; }

    /// <summary>Where it comes from, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The graphs: the same model in one or more precisions.</summary>
    public required ImmutableArray<ModelFile> Files { get; init; }

    /// <summary>The picture input.</summary>
    public required ModelInput Input { get; init; }

    /// <summary>The camera its metres hold for.</summary>
    public required ModelCamera Camera { get; init; }

    /// <summary>The answer.</summary>
    public required ModelOutput Output { get; init; }

    /// <summary>The further inputs of a model that paints; null for plain tensors.</summary>
    public PainterTensors? Painter { get; init; }

    /// <summary>What a model that paints was trained for.</summary>
    public ModelTasks Tasks { get; init; } = ModelTasks.None;

    /// <summary>Classes and their default colours, by id.</summary>
    public required LabelPalette Classes { get; init; }

    /// <summary>How far answers in a precision may be from the model's, where the package says so itself.</summary>
    public ImmutableDictionary<ModelPrecision, ParityLimits> Parity { get; init; } = ImmutableDictionary<ModelPrecision, ParityLimits>.Empty;

    /// <summary>How far answers in a precision may be from the model's.</summary>
    public ParityLimits ParityFor(ModelPrecision precision) => Parity.GetValueOrDefault(precision) ?? ParityLimits.Default(precision);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with it, each with line and column.</exception>
    public static ModelManifest Load(string path) => new ManifestReader(YamlFile.Load(path)).Read();

    /// <summary>Reads a manifest from text; <paramref name="name"/> is what problems call it.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with it, each with line and column.</exception>
    public static ModelManifest Parse(string text, string name) => new ManifestReader(YamlFile.Parse(text, name)).Read();
}
