using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>Where built engines are kept. A folder belongs to one machine.</summary>
public sealed record EngineCacheOptions
{
    /// <summary>The environment variable that moves the cache, e.g. for a service without a home folder; engines go to <c>engines</c> under it.</summary>
    public const string Variable = "VBEDGE_CACHE";

    /// <summary>
    /// A user without a home keeps engines as long as the process lives: a folder with a known name in a place for everybody could be anybody's.
    /// </summary>
    private static readonly Lazy<string> Homeless = new(() => Path.Combine(Path.GetTempPath(), $"vbedge-{Guid.NewGuid():N}"));

    private static readonly string[] Policies = ["gpu", "all", "never"];

    /// <summary>The folder; null = <see cref="DefaultFolder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>What all entries together may take, in MiB; those used longest ago are removed first. 4096 by default.</summary>
    public int LimitMib { get; init; } = 4096;

    /// <summary>What is built while a model is loaded.</summary>
    public EngineBuildPolicy Build { get; init; } = EngineBuildPolicy.Gpu;

    /// <summary>
    /// <c>$VBEDGE_CACHE/engines</c>, or <c>vbedge/engines</c> in the user's cache folder. It must be this user's and nobody else may write it.
    /// </summary>
    public static string DefaultFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
            {
                return Path.Combine(named, "engines");
            }

            string root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache")
                : Homeless.Value;
            return Path.Combine(root, "vbedge", "engines");
        }
    }

    /// <summary>Reads the section <c>execution.engine_cache</c>; problems go to the section's list.</summary>
    public static EngineCacheOptions Read(YamlSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var defaults = new EngineCacheOptions();
        var options = new EngineCacheOptions
        {
            Folder = section.OptionalString("folder"),
            LimitMib = section.OptionalInt("limit_mib", 1, 1 << 24) ?? defaults.LimitMib,
            Build = (EngineBuildPolicy?)section.OptionalOneOf("build", Policies) ?? defaults.Build,
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
