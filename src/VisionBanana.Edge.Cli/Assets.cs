namespace VisionBanana.Edge.Cli;

/// <summary>What travels with the tool: the demo pipeline with its clip and calibration, and the bundled model.</summary>
internal static class Assets
{
    /// <summary>The folder beside the program that holds <c>models/</c>, <c>calibration/</c> and <c>samples/demo/</c>.</summary>
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "assets");

    /// <summary>The demo's pipeline file.</summary>
    public static string DemoPipeline => Require("samples/demo/pipeline.yaml");

    /// <summary>The folder of bundled models.</summary>
    public static string Models => Path.Combine(Root, "models");

    /// <summary>The model used when none is named.</summary>
    public static string DefaultModel => Require("models/painter-s/model.yaml");

    /// <summary>A model as the user named it: a path to a folder or model.yaml, or the name of a bundled model.</summary>
    public static string FindModel(string nameOrPath)
    {
        if (File.Exists(nameOrPath) || Directory.Exists(nameOrPath))
        {
            return nameOrPath;
        }

        string bundled = Path.Combine(Models, nameOrPath);
        if (Directory.Exists(bundled))
        {
            return bundled;
        }

        string known = Directory.Exists(Models) ? string.Join(", ", Directory.GetDirectories(Models).Select(Path.GetFileName)) : "none";
        throw new ConfigurationException($"There is no model '{nameOrPath}': expected a folder with a model.yaml, or the name of a bundled model ({known}).");
    }

    private static string Require(string relative)
    {
        string path = Path.Combine(Root, relative);
        return File.Exists(path)
            ? path
            : throw new ConfigurationException($"The bundled file '{relative}' is missing beside the program ({Root}): build or install the tool again.");
    }
}
