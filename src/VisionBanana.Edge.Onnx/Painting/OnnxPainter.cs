using System.Collections.Immutable;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Sessions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// A painter that runs a model package on ONNX Runtime. Inputs and outputs stay bound: a run allocates nothing once warm.
/// One call at a time. It may be disposed from any thread at any time: a call that is under way ends first, later ones are refused.
/// </summary>
public sealed class OnnxPainter : IPainter
{
    private readonly GraphRunner _runner;
    private readonly SessionLease _lease;
    private readonly PackagePainting _painting;
    private readonly PainterGuard _guard;

    private OnnxPainter(ModelManifest manifest, GraphRunner runner, OpenedSession opened, PainterDescription description)
    {
        _runner = runner;
        _lease = opened.Lease;
        _guard = new PainterGuard(manifest.Name, Release);
        _painting = new PackagePainting(manifest, runner, _guard);
        Description = description;
        ProviderReport = opened.Report;
    }

    /// <inheritdoc/>
    public PainterDescription Description { get; }

    /// <summary>Every provider that was considered, what became of it, and what to do about those that failed.</summary>
    public ImmutableArray<ProviderAttempt> ProviderReport { get; }

    /// <summary>Whether the provider gives the model's answers; null when that was not asked (<see cref="ExecutionOptions.Parity"/>).</summary>
    public ParityVerdict? Parity => Session.Verdict;

    /// <summary>The session it shares with painters of the same model.</summary>
    internal PooledSession Session => _lease.Session;

    /// <summary>
    /// Opens a session on the first provider that works and runs it once. Painters of the same file, provider and options share one session; runs on a
    /// device are one after the other. An engine that is not in the cache is built here, which takes TensorRT up to minutes.
    /// </summary>
    /// <param name="package">The model.</param>
    /// <param name="options">How to run it; null = the defaults.</param>
    /// <param name="progress">Told once a second while an engine is built, on threads of its own; null = nobody.</param>
    /// <param name="cancellationToken">Ends waiting and building. TensorRT's builder itself cannot be interrupted: its thread ends with the process.</param>
    /// <exception cref="ConfigurationException">The package has no file of the precision asked for.</exception>
    /// <exception cref="InferenceException">The native runtime is missing, or no allowed provider works here.</exception>
    /// <exception cref="ModelContractException">The file changed since it was checked, or the graph cannot be run as the manifest says.</exception>
    public static OnnxPainter Load(
        ModelPackage package, ExecutionOptions? options = null, IProgress<EngineBuildProgress>? progress = null,
            CancellationToken cancellationToken = default) =>
        LoadWith(TensorMemory.For, package, options, progress, cancellationToken);

    /// <summary>As <see cref="Load"/>, with the memory that a caller wants for the tensors of the session.</summary>
    internal static OnnxPainter LoadWith(
        Func<PooledSession, TensorMemory> memoryOf, ModelPackage package, ExecutionOptions? options = null,
        IProgress<EngineBuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        options ??= new ExecutionOptions();
        ModelManifest manifest = package.Manifest;
        OpenedSession opened = SessionLadder.Open(package, options, ProfileOf(manifest), Opener(package, options, progress, cancellationToken));
        GraphRunner runner;
        try
        {
            runner = TriedOut(manifest, options, opened.Lease.Session, memoryOf);
        }
        catch (LoadHungException e)
        {
            // The run that does not end keeps the session.
            throw new ModelContractException($"{package.PathOf(opened.Variant.File)}: {e.Message}", e);
        }
        catch (Exception e)
        {
            opened.Lease.Dispose();
            if (e is InferenceException)
            {
                throw new ModelContractException($"{package.PathOf(opened.Variant.File)}: the graph does not run as its manifest says. {e.Message}", e);
            }

            throw;
        }

        var description = new PainterDescription
        {
            Name = manifest.Name,
            Version = manifest.Version,
            Sha256 = opened.Variant.File.Sha256,
            Provider = opened.Lease.Session.Provider.Name(),
            Precision = opened.Variant.Computes.Name(),
            Parity = opened.Lease.Session.Verdict?.ToString(),
            Width = manifest.Input.Width,
            Height = manifest.Input.Height,
            HorizontalFovDegrees = manifest.Camera.HorizontalFovDegrees,
            Fit = manifest.Input.Fit,
            Classes = manifest.Classes,
            Kinds = package.Kinds,
        };
        return new OnnxPainter(manifest, runner, opened, description);
    }

    /// <summary>Builds the engine of the first provider that works into the cache, ahead of time, unless it is there already.</summary>
    /// <param name="package">The model.</param>
    /// <param name="options">What to build for; <see cref="ExecutionOptions.Require"/> names the provider, if it must be a certain one.</param>
    /// <param name="progress">Told once a second, on threads of its own; null = nobody.</param>
    /// <param name="cancellationToken">See <see cref="Load"/>.</param>
    /// <exception cref="ConfigurationException">The package has no file of the precision asked for.</exception>
    /// <exception cref="InferenceException">The native runtime is missing, no allowed provider works here, or the cache cannot be written.</exception>
    /// <exception cref="ModelContractException">The file changed since it was checked, or the graph cannot be run.</exception>
    public static EngineBuildResult BuildEngine(
        ModelPackage package, ExecutionOptions? options = null, IProgress<EngineBuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        options ??= new ExecutionOptions();
        return SessionLadder.Prepare(package, options, Opener(package, options, progress, cancellationToken));
    }

    /// <summary>What others reported of the TensorRT of this machine and such a model; empty where there is no TensorRT.</summary>
    public static IEnumerable<KnownTrouble> KnownTroubles(ModelPackage package, ExecutionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(package);
        return ModelVariant.For(package, ExecutionProvider.TensorRt, options?.Precision, nativeInt8: false) is { } variant
            ? KnownTrouble.Of(GpuLibraries.OfThisMachine.TensorRt, package.Inspect().Graphs.First(g => g.File == variant.File), variant.Computes)
            : [];
    }

    /// <summary>
    /// Compares the answers of the first provider that works (or of the required one) with those of the processor in fp32 on reference pictures, whatever was
    /// found out before, and keeps the verdict beside the engines.
    /// </summary>
    /// <param name="package">The model.</param>
    /// <param name="options">What is to run it.</param>
    /// <param name="progress">Told once a second while an engine is built; null = nobody.</param>
    /// <param name="cancellationToken">See <see cref="Load"/>.</param>
    /// <exception cref="ConfigurationException">The package has no file of the precision asked for.</exception>
    /// <exception cref="InferenceException">The native runtime is missing, or no allowed provider works here.</exception>
    /// <exception cref="ModelContractException">The file changed since it was checked, or the graph cannot be run.</exception>
    public static EngineVerification VerifyEngine(
        ModelPackage package, ExecutionOptions? options = null, IProgress<EngineBuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(package);
        options ??= new ExecutionOptions();
        return SessionLadder.Verify(package, options, Opener(package, options, progress, cancellationToken));
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
    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default) =>
        _painting.Paint(frame, instructions, cancellationToken);

    /// <summary>
    /// Runs the model alone on whatever its tensors hold, as for so many instructions: what a picture costs without this SDK, the baseline of benchmarks.
    /// One call at a time, as <see cref="Paint"/>.
    /// </summary>
    public void RunBare(int instructions)
    {
        _guard.Enter();
        try
        {
            _runner.RunBare(instructions);
        }
        finally
        {
            _guard.Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _guard.Dispose();

    private void Release()
    {
        _runner.Dispose();
        _lease.Dispose();
    }

    private static SessionOpener Opener(
        ModelPackage package, ExecutionOptions options, IProgress<EngineBuildProgress>? progress, CancellationToken cancellationToken) =>
        new(package, options, ProfileOf(package.Manifest), session => TriedOut(package.Manifest, options, session, TensorMemory.For).Dispose(),
            (session, reference) => Compare(package.Manifest, session, reference), progress, cancellationToken);

    private static ParityFigures Compare(ModelManifest manifest, PooledSession session, PooledSession reference)
    {
        using GraphRunner checkedOne = RunnerOf(manifest, session, TensorMemory.For(session));
        using GraphRunner right = RunnerOf(manifest, reference, TensorMemory.For(reference));
        return ParityCheck.Compare(manifest, checkedOne, right);
    }

    private static ShapeProfile ProfileOf(ModelManifest manifest) =>
        manifest.Painter is { } painter ? PaintingRunner.ProfileOf(painter) : ShapeProfile.Fixed;

    /// <summary>A runner that ran once, within the time that loading may take.</summary>
    private static GraphRunner TriedOut(ModelManifest manifest, ExecutionOptions options, PooledSession session, Func<PooledSession, TensorMemory> memoryOf) =>
        TimeLimit.Run(
            options.LoadTimeout,
            manifest.Name,
            () =>
            {
                GraphRunner runner = RunnerOf(manifest, session, memoryOf(session));
                try
                {
                    runner.WarmUp();
                    return runner;
                }
                catch
                {
                    runner.Dispose();
                    throw;
                }
            },
            session.Terminate);

    private static GraphRunner RunnerOf(ModelManifest manifest, PooledSession session, TensorMemory memory) =>
        GraphRunner.Create(manifest, new LocalGraph(session), memory);
}
