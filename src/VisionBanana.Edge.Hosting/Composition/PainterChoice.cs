using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>
/// The painter that a user named, found and checked but not loaded: a model package, or a server by its <c>http.yaml</c> or <c>kserve.yaml</c>.
/// </summary>
internal sealed class PainterChoice
{
    private PainterChoice(string path, ModelPackage? package) => (Path, Package) = (path, package);

    /// <summary>The file that describes it: <c>model.yaml</c>, <c>http.yaml</c> or <c>kserve.yaml</c>.</summary>
    public string Path { get; }

    /// <summary>The model package; null when a server paints.</summary>
    public ModelPackage? Package { get; }

    /// <summary>Finds a painter by a path, or by the name of a bundled model; null = the bundled default.</summary>
    /// <exception cref="VisionBananaException">There is none, or its package is wrong.</exception>
    public static PainterChoice Of(string? nameOrPath)
    {
        string path = BundledModels.Find(nameOrPath);
        if ((HttpPainterFile.Find(path) ?? KServePainterFile.Find(path)) is { } server)
        {
            return new PainterChoice(server, null);
        }

        ModelPackage package = ModelPackage.Open(path);
        return new PainterChoice(package.ManifestPath, package);
    }

    /// <summary>Loads the model, or has the server paint a grey picture.</summary>
    /// <exception cref="VisionBananaException">It cannot be run here, or does not answer as it must.</exception>
    public IPainter Load(ExecutionOptions options, IProgress<EngineBuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        if (Package is not null)
        {
            return OnnxPainter.Load(Package, options, progress, cancellationToken);
        }

        return options is { Precision: null, Threads: null, Require: null }
            ? KServePainterFile.Find(Path) is not null ? KServePainterFile.Connect(Path) : HttpPainterFile.Connect(Path)
            : throw new ConfigurationException(
                $"Precision, threads and provider say how this machine computes, but {Path} names a server that paints: leave them out.");
    }
}
