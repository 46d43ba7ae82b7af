using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>painter</c> of a pipeline file.</summary>
internal sealed record PainterEntry
{
    /// <summary>A model package: a path, or the name of a bundled one; null = the bundled default.</summary>
    public string? Model { get; init; }

    /// <summary>False = the painter is not told where <c>camera.mount</c> says the floor is, for cameras that tilt or climb.</summary>
    public bool UsesMount { get; init; } = true;

    /// <summary>How to run it.</summary>
    public ExecutionOptions Execution { get; init; } = new();

    /// <summary>
    /// Whether the next picture is rectified and the one before decoded and published while one is painted; null = where the painter
    /// leaves processors free (a GPU, or fewer threads than processors).
    /// </summary>
    public bool? Overlap { get; init; }

    /// <summary>Reads the section; left out = the defaults.</summary>
    public static PainterEntry Read(YamlSection? section, string folder)
    {
        if (section is null)
        {
            return new PainterEntry();
        }

        string? model = section.OptionalString("model");
        if (model is not null && model.AsSpan().ContainsAny('/', '\\', '.'))
        {
            model = Path.Combine(folder, model);
        }

        var entry = new PainterEntry
        {
            Model = model,
            UsesMount = section.OptionalBool("use_mount") ?? true,
            Overlap = section.OptionalBool("overlap"),
            Execution = section.OptionalSection("execution") is { } execution ? ExecutionOptions.Read(execution) : new ExecutionOptions(),
        };
        section.RefuseUnknownKeys();
        return entry.Execution.EngineCache.Folder is { } cache
            ? entry with { Execution = entry.Execution with { EngineCache = entry.Execution.EngineCache with { Folder = Path.Combine(folder, cache) } } }
            : entry;
    }
}
