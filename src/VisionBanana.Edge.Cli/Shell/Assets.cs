namespace VisionBanana.Edge.Cli.Shell;

/// <summary>What travels with the tool: the demo pipeline with its clip and calibration, and the bundled model.</summary>
internal static class Assets
{
    /// <summary>The folder beside the program that holds <c>models/</c>, <c>calibration/</c> and <c>samples/demo/</c>.</summary>
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "assets");

    /// <summary>The demo's pipeline file.</summary>
    public static string DemoPipeline => Require("samples/demo/pipeline.yaml");

    private static string Require(string relative)
    {
        string path = Path.Combine(Root, relative);
        return File.Exists(path)
            ? path
            : throw new ConfigurationException($"The bundled file '{relative}' is missing beside the program ({Root}): build or install the tool again.");
    }
}
