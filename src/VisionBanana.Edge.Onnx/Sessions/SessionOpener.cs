using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>Opens a session of one file on one provider, from its cached engine where there is one, and builds engines.</summary>
internal sealed class SessionOpener
{
    private readonly ModelPackage _package;
    private readonly ExecutionOptions _options;
    private readonly ShapeProfile _profile;
    private readonly Action<PooledSession> _warmUp;
    private readonly IProgress<EngineBuildProgress>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly EngineCache _cache;
    private readonly ParityGate _gate;

    /// <param name="package">The model.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="profile">The shapes of inputs that vary.</param>
    /// <param name="warmUp">Runs a session once.</param>
    /// <param name="compare">Compares the answers of a session with those of another, which is right.</param>
    /// <param name="progress">Told how building goes; null = nobody.</param>
    /// <param name="cancellationToken">Ends building.</param>
    public SessionOpener(
        ModelPackage package, ExecutionOptions options, ShapeProfile profile, Action<PooledSession> warmUp,
        Func<PooledSession, PooledSession, ParityFigures> compare, IProgress<EngineBuildProgress>? progress, CancellationToken cancellationToken)
    {
        _package = package;
        _options = options;
        _profile = profile;
        _warmUp = warmUp;
        _progress = progress;
        _cancellationToken = cancellationToken;
        _cache = new EngineCache(options.EngineCache);
        _gate = new ParityGate(package, options, _cache.Parity, compare, OpenReference);
    }

    /// <summary>What an engine for a provider depends on.</summary>
    public EngineKey KeyOf(ExecutionProvider provider, ModelVariant variant) => new(
    [
        new("provider", provider.Name()),
        new("device_id", (provider == ExecutionProvider.Cpu ? 0 : _options.DeviceId).ToString(CultureInfo.InvariantCulture)),
        new("precision", variant.Computes.Name()),
        new("model_sha256", variant.File.Sha256),
        new("shapes", provider == ExecutionProvider.Cpu || _profile.IsEmpty ? "" : $"{_profile.Min} {_profile.Opt} {_profile.Max}"),
        new("options", provider == ExecutionProvider.Cpu ? ""
            : string.Join(' ', GpuSettings.TensorRt(_options, variant, _profile).Select(s => $"{s.Key}={s.Value}"))),
        .. EngineMachine.FieldsOf(provider, _options.DeviceId),
    ]);

    /// <summary>Opens a session.</summary>
    /// <param name="provider">What is to run it.</param>
    /// <param name="variant">The file, and what is computed.</param>
    /// <param name="model">The file's verified bytes.</param>
    /// <exception cref="InferenceException">An engine is needed and may not be built now, or the answers are not the model's.</exception>
    public PooledSession Open(ExecutionProvider provider, ModelVariant variant, byte[] model) => provider switch
    {
        ExecutionProvider.TensorRt => _gate.Pass(StartTensorRt(variant, model), KeyOf(provider, variant), variant),
        ExecutionProvider.Cuda => _gate.Pass(StartCuda(variant, model), KeyOf(provider, variant), variant),
        _ => OpenCpu(variant, model),
    };

    /// <summary>Opens a session and compares its answers with the model's, whatever was found out before, and keeps the verdict.</summary>
    public ParityVerdict Verify(ExecutionProvider provider, ModelVariant variant, byte[] model)
    {
        using PooledSession session = provider switch
        {
            ExecutionProvider.TensorRt => StartTensorRt(variant, model),
            ExecutionProvider.Cuda => StartCuda(variant, model),
            _ => StartCpu(variant, model, CachedGraph(variant, model, out string? trouble), trouble),
        };
        return _gate.Judge(session, KeyOf(provider, variant), variant);
    }

    /// <summary>Builds the engine of a provider into the cache when it is not there.</summary>
    /// <returns>The entry's folder, or null when this provider has no engines.</returns>
    /// <exception cref="InferenceException">The cache cannot be written.</exception>
    public string? Prepare(ExecutionProvider provider, ModelVariant variant, byte[] model)
    {
        if (provider == ExecutionProvider.Cuda)
        {
            // Only whether it works here at all.
            StartCuda(variant, model).Dispose();
            return null;
        }

        if (provider == ExecutionProvider.TensorRt)
        {
            RequireTensorRt(variant);
        }

        return Cached(provider, variant, model, build: true, out string? trouble)?.Folder
            ?? throw new InferenceException($"the engine cannot be kept{trouble}");
    }

    private PooledSession OpenCpu(ModelVariant variant, byte[] model)
    {
        EngineKey key = KeyOf(ExecutionProvider.Cpu, variant);
        EngineContent? cached = CachedGraph(variant, model, out string? trouble);
        if (cached is null)
        {
            return _gate.PassUnlessSuspect(StartCpu(variant, model, null, trouble), key, variant);
        }

        try
        {
            return _gate.Pass(StartCpu(variant, model, cached, trouble), key, variant);
        }
        catch (InferenceException e) when (e is not LoadHungException)
        {
            // The graph in the cache may be at fault, and not the model.
            return _gate.PassUnlessSuspect(StartCpu(variant, model, null, $" (its cached graph is not used: {e.Message})"), key, variant);
        }
    }

    private EngineContent? CachedGraph(ModelVariant variant, byte[] model, out string? trouble)
    {
        trouble = null;
        bool builds = _options.EngineCache.Build == EngineBuildPolicy.All;
        return builds || Directory.Exists(_cache.Folder) ? Cached(ExecutionProvider.Cpu, variant, model, builds, out trouble) : null;
    }

    private PooledSession StartCpu(ModelVariant variant, byte[] model, EngineContent? cached, string? trouble)
    {
        string how = $"runs {variant} on {_options.Threads ?? ProcessorTopology.DefaultThreads} threads{(_options.Spinning ? ", spinning" : "")}";
        SessionOptions session = BaseOptions(cached is null ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL);
        return Pooled(Start(cached?.Graph ?? model, session), ExecutionProvider.Cpu, how + (cached is null ? "" : ", from its cached graph") + trouble);
    }

    /// <summary>The model as it stands, with as little done to it as possible.</summary>
    private PooledSession OpenReference(byte[] model) =>
        Pooled(Start(model, BaseOptions(GraphOptimizationLevel.ORT_ENABLE_BASIC)), ExecutionProvider.Cpu, "is what others are compared with");

    private PooledSession StartCuda(ModelVariant variant, byte[] model)
    {
        SessionOptions session = BaseOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
        Append(session, () => AppendCuda(session));
        return Proven(Pooled(Start(model, session), ExecutionProvider.Cuda, $"runs {variant} on {DeviceName()}"));
    }

    private PooledSession StartTensorRt(ModelVariant variant, byte[] model)
    {
        Dictionary<string, string> settings = GpuSettings.TensorRt(_options, variant, _profile);
        RequireTensorRt(variant);
        EngineContent? cached = Cached(ExecutionProvider.TensorRt, variant, model, _options.EngineCache.Build != EngineBuildPolicy.Never, out string? trouble);
        if (cached is null && _options.EngineCache.Build == EngineBuildPolicy.Never)
        {
            throw new InferenceException(
                $"no engine for this model and machine is in {_cache.Folder}, and execution.engine_cache.build is never; run vbedge engine build "
                    + $"{_package.Manifest.Name}{trouble}");
        }

        SessionOptions session = BaseOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
        Append(session, () => AppendTensorRt(session, GpuSettings.TensorRtLoad(settings, cached is { Graph: null } ? cached.Folder : null)));
        TryAppendCuda(session);
        string how = $"runs {variant} on {DeviceName()}{(_options.TensorRt.DlaCore is { } core ? FormattableString.Invariant($", DLA core {core}") : "")}"
            + (cached is null ? "" : ", from its cached engine") + trouble;
        return Proven(Pooled(Start(cached?.Graph ?? model, session, builds: cached is null), ExecutionProvider.TensorRt, how));
    }

    /// <summary>Whether it is there at all: that costs nothing, and nobody waits for an engine that cannot be built.</summary>
    private void RequireTensorRt(ModelVariant variant)
    {
        // Without its environment ONNX Runtime complains of a missing logger, and not of what is missing.
        _ = OrtEnv.Instance();
        using SessionOptions trial = BaseOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
        AppendTensorRt(trial, GpuSettings.TensorRtLoad(GpuSettings.TensorRt(_options, variant, _profile), null));
    }

    /// <summary>The entry, built when it is missing and may be; null when there is none, with what was wrong in words to append.</summary>
    private EngineContent? Cached(ExecutionProvider provider, ModelVariant variant, byte[] model, bool build, out string? trouble)
    {
        EngineKey key = KeyOf(provider, variant);
        string name = _package.Manifest.Name;
        EngineContent? content = _cache.Load(key, name, out string? rejected);
        trouble = rejected is null ? null : $" (a cached engine was not loaded: {rejected})";
        if (content is not null || !build)
        {
            return content;
        }

        try
        {
            return _cache.Build(key, name, model.Length, folder => Build(provider, variant, model, folder), _progress, _cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = $" (it is built anew at every start: {_cache.Folder} cannot be used: {e.Message} Set {EngineCacheOptions.Variable} or "
                + $"execution.engine_cache.folder)";
            return null;
        }
    }

    private void Build(ExecutionProvider provider, ModelVariant variant, byte[] model, string folder)
    {
        string graph = Path.Combine(folder, EngineContent.GraphName);
        SessionOptions options = BaseOptions(GraphOptimizationLevel.ORT_ENABLE_ALL);
        if (provider == ExecutionProvider.Cpu)
        {
            options.OptimizedModelFilePath = graph;
        }
        else
        {
            _cache.CreateTimingFolder();
            Append(options, () => AppendTensorRt(options,
                GpuSettings.TensorRtBuild(GpuSettings.TensorRt(_options, variant, _profile), graph, _cache.TimingFolder)));
            TryAppendCuda(options);
        }

        using (PooledSession session = Pooled(Start(model, options, builds: provider != ExecutionProvider.Cpu), provider, "is built"))
        {
            if (provider != ExecutionProvider.Cpu)
            {
                _warmUp(session);
            }
        }

        if (File.Exists(graph))
        {
            // The graph holds the engine; what lies beside it is the same once more.
            foreach (string file in Directory.GetFiles(folder).Where(f => f != graph))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Creates a session within the time that loading may take; a provider that builds its engine meanwhile may take as long as it needs.</summary>
    /// <param name="graph">The bytes of the graph.</param>
    /// <param name="options">Becomes this method's.</param>
    /// <param name="builds">True when an engine is built.</param>
    private InferenceSession Start(byte[] graph, SessionOptions options, bool builds = false)
    {
        bool hangs = false;
        try
        {
            using CancellationTokenRegistration ended = _cancellationToken.Register(() => options.SetLoadCancellationFlag(true));
            return TimeLimit.Run(
                builds ? Timeout.InfiniteTimeSpan : _options.LoadTimeout,
                _package.Manifest.Name,
                () => new InferenceSession(graph, options),
                () => options.SetLoadCancellationFlag(true));
        }
        catch (OnnxRuntimeException) when (_cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(_cancellationToken);
        }
        catch (LoadHungException)
        {
            // Native code still reads them.
            hangs = true;
            throw;
        }
        finally
        {
            if (!hangs)
            {
                options.Dispose();
            }
        }
    }

    private static void Append(SessionOptions options, Action append)
    {
        try
        {
            append();
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private PooledSession Pooled(InferenceSession session, ExecutionProvider provider, string description) => new(session, provider, _options, description);

    /// <summary>A GPU that loads a graph may still have no kernels for it, or no memory: only a run tells, and the next provider is there for that.</summary>
    private PooledSession Proven(PooledSession session)
    {
        try
        {
            // The tensors of this run go with it.
            session.CapturesGraphs = false;
            _warmUp(session);
            session.CapturesGraphs = true;
            return session;
        }
        catch (LoadHungException)
        {
            throw;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SessionOptions BaseOptions(GraphOptimizationLevel level)
    {
        var session = new SessionOptions
        {
            GraphOptimizationLevel = level,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableMemoryPattern = true,
            IntraOpNumThreads = _options.Threads ?? ProcessorTopology.DefaultThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };

        // Bytes that were read as ONNX, and checked as that, are not to be taken for the runtime's own format.
        session.AddSessionConfigEntry("session.load_model_format", "ONNX");
        session.AddSessionConfigEntry("session.intra_op.allow_spinning", _options.Spinning ? "1" : "0");
        return session;
    }

    private static void AppendTensorRt(SessionOptions session, Dictionary<string, string> settings)
    {
        using var tensorRt = new OrtTensorRTProviderOptions();
        tensorRt.UpdateOptions(settings);
        session.AppendExecutionProvider_Tensorrt(tensorRt);
    }

    private void AppendCuda(SessionOptions session)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(GpuSettings.Cuda(_options));
        session.AppendExecutionProvider_CUDA(cuda);
    }

    /// <summary>Operators that TensorRT leaves over stay on the GPU when CUDA works too.</summary>
    private void TryAppendCuda(SessionOptions session)
    {
        try
        {
            AppendCuda(session);
        }
        catch (Exception e) when (ProviderFailure.IsExpected(e))
        {
            // Left-over operators run on the processor then.
        }
    }

    private string DeviceName() => GpuLibraries.OfThisMachine.Devices.ElementAtOrDefault(_options.DeviceId) is { } device
        ? FormattableString.Invariant($"device {_options.DeviceId}, {device.Name}")
        : FormattableString.Invariant($"device {_options.DeviceId}");
}
