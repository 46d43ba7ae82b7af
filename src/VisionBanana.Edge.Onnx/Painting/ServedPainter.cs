using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// A painter whose graph a server runs: pictures are prepared and answers read here, by the manifest of the same package that runs locally. One call at a
/// time. A run allocates.
/// </summary>
public sealed class ServedPainter : IPainter
{
    private readonly GraphRunner _runner;
    private readonly RemoteGraph _graph;
    private readonly PackagePainting _painting;
    private readonly PainterGuard _guard;

    private ServedPainter(GraphRunner runner, RemoteGraph graph, ModelManifest manifest, IGraphServer server, PainterDescription description)
    {
        (_runner, _graph, Description) = (runner, graph, description);
        _guard = new PainterGuard(manifest.Name, () =>
        {
            runner.Dispose();
            server.Dispose();
        });
        _painting = new PackagePainting(manifest, runner, _guard);
    }

    /// <inheritdoc/>
    public PainterDescription Description { get; }

    /// <summary>
    /// Asks the server what it runs, holds that against the package and has the graph run once. The server becomes the painter's, and is closed when there
    /// will be none.
    /// </summary>
    /// <param name="package">The model: its manifest says how pictures go in and answers come out.</param>
    /// <param name="server">Runs one of its graphs.</param>
    /// <param name="precision">Which; null = the first choice of the package.</param>
    /// <exception cref="ConfigurationException">The package has no file of the precision asked for.</exception>
    /// <exception cref="InferenceException">The server is not there or not ready.</exception>
    /// <exception cref="ModelContractException">The server runs something else: every contradiction.</exception>
    public static ServedPainter Connect(ModelPackage package, IGraphServer server, ModelPrecision? precision = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        ArgumentNullException.ThrowIfNull(server);
        GraphRunner? runner = null;
        try
        {
            ModelFile file = package.FileFor(precision);
            ModelManifest manifest = package.Manifest;
            ModelGraphSummary graph = package.Inspect().Graphs.First(g => g.File == file);
            string[] problems = [.. RemoteGraph.Contradictions(server.Describe(), graph)];
            if (problems.Length > 0)
            {
                throw new ModelContractException(
                    $"{server.Name}: what is served is not {manifest.Name} ({file.Path}):{Environment.NewLine}"
                        + string.Join(Environment.NewLine, problems.Select(p => "  " + p)));
            }

            var remote = new RemoteGraph(server, graph);
            runner = GraphRunner.Create(manifest, remote, TensorMemory.Shared());
            runner.WarmUp();
            var description = new PainterDescription
            {
                Name = manifest.Name,
                Version = manifest.Version,
                Sha256 = file.Sha256,
                Provider = "kserve",
                Precision = file.Precision.Name(),
                Width = manifest.Input.Width,
                Height = manifest.Input.Height,
                HorizontalFovDegrees = manifest.Camera.HorizontalFovDegrees,
                Fit = manifest.Input.Fit,
                Classes = manifest.Classes,
                Kinds = package.Kinds,
            };
            return new ServedPainter(runner, remote, manifest, server, description);
        }
        catch
        {
            runner?.Dispose();
            server.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string? WhyNot(Instruction instruction)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        return _runner.WhyNot(instruction);
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The painter was disposed.</exception>
    /// <exception cref="InvalidOperationException">It is painting on another thread.</exception>
    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
    {
        _graph.Stopping = cancellationToken;
        _painting.Paint(frame, instructions, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _guard.Dispose();
}
