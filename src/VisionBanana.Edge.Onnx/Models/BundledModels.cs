namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// Model packages that travel with the program, in <c>assets/models</c> beside it: those of the <c>vbedge</c> tool, or of a content package such as
/// <c>VisionBanana.Edge.Models.PainterS</c>.
/// </summary>
public static class BundledModels
{
    private const string Default = "painter-s";

    /// <summary>The folder of bundled models.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "assets", "models");

    /// <summary>A model as the user named it: a path to a folder or model.yaml, or the name of a bundled model; null = the default one.</summary>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static string Find(string? nameOrPath)
    {
        if (nameOrPath is not null && Path.Exists(nameOrPath))
        {
            return nameOrPath;
        }

        string bundled = Path.Combine(Folder, nameOrPath ?? Default);
        if (Directory.Exists(bundled))
        {
            return bundled;
        }

        string known = Directory.Exists(Folder) ? string.Join(", ", Directory.GetDirectories(Folder).Select(Path.GetFileName)) : "none";
        throw new ConfigurationException(nameOrPath is null
            ? $"No model is named and none is bundled with this program ({Folder}): name a folder with a model.yaml in painter.model, or reference the package "
                + "VisionBanana.Edge.Models.PainterS in the application."
            : $"There is no model '{nameOrPath}': expected a folder with a model.yaml, or the name of a bundled model ({known}). The package "
                + "VisionBanana.Edge.Models.PainterS bundles painter-s with an application.");
    }
}
