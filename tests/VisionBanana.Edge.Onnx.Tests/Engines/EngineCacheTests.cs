using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Onnx.Sessions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Engines;

/// <summary>The cache with what the processor's provider really builds: its optimised graph.</summary>
public sealed class EngineCacheTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExecutionOptions Options(EngineBuildPolicy build = EngineBuildPolicy.Gpu, int limitMib = 4096) => new()
    {
        Prefer = [ExecutionProvider.Cpu],
        Threads = 1,
        EngineCache = new EngineCacheOptions { Folder = _folder.Path, Build = build, LimitMib = limitMib },
    };

    private EngineCache Cache => new(Options().EngineCache);

    [Fact]
    public void BuildEngine_ThenLoad_RunsTheCachedGraphWithTheSameAnswer()
    {
        using var model = TestModel.Painter();
        byte[] direct = Paint(model, new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 2 }, "runs fp32 on 2 threads");

        EngineBuildResult result = OnnxPainter.BuildEngine(model.Open(), Options());

        EngineEntry entry = Assert.Single(Cache.List());
        Assert.Equal((EngineState.Current, "test-model", ExecutionProvider.Cpu, "fp32"), (entry.State, entry.Model, entry.Provider!.Value, entry.Precision));
        Assert.Equal(entry.Folder, result.Folder);
        Assert.Equal(direct, Paint(model, Options(), "runs fp32 on 1 threads, from its cached graph"));
    }

    [Fact]
    public void BuildEngine_Int8_KeepsAnEntryOfItsOwn()
    {
        using var model = TestModel.Variants("fp32", "int8");
        foreach (ModelPrecision precision in (ModelPrecision[])[ModelPrecision.Fp32, ModelPrecision.Int8])
        {
            OnnxPainter.BuildEngine(model.Open(), Options() with { Precision = precision });
        }

        Assert.Equal(["fp32", "int8"], Cache.List().Select(e => e.Precision).Order());
        using OnnxPainter painter = model.Load(Options() with { Precision = ModelPrecision.Int8 });
        Assert.Contains("int8 on 1 threads, from its cached graph", painter.ProviderReport[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BuildEngine_Twice_BuildsOnce()
    {
        using var model = TestModel.Painter();
        var told = new Told();

        OnnxPainter.BuildEngine(model.Open(), Options(), told);
        DateTimeOffset built = Cache.List()[0].Built;
        OnnxPainter.BuildEngine(model.Open(), Options(), told);

        Assert.Single(told.All, p => p.Phase == EngineBuildPhase.Built);
        Assert.Equal(built, Cache.List()[0].Built);
    }

    [Fact]
    public void Load_PolicyAll_BuildsWhatIsMissing()
    {
        using var model = TestModel.Painter();

        Paint(model, Options(EngineBuildPolicy.All), "runs fp32 on 1 threads, from its cached graph");

        Assert.Single(Cache.List());
    }

    [Fact]
    public void Load_EmptyCacheAndDefaultPolicy_WritesNothing()
    {
        using var model = TestModel.Painter();

        Paint(model, Options(), "runs fp32 on 1 threads");

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Load_WhileAPainterOfAnotherCacheRuns_TellsOfItsOwn()
    {
        using var model = TestModel.Painter();
        using var elsewhere = new TestFolder();
        using OnnxPainter running = model.Load(Options(EngineBuildPolicy.All));
        Assert.Equal("runs fp32 on 1 threads, from its cached graph", running.ProviderReport[0].Message);

        Paint(model, Options() with { EngineCache = new EngineCacheOptions { Folder = elsewhere.Path } }, "runs fp32 on 1 threads");
    }

    [Theory]
    [InlineData("model.onnx", "was changed or damaged: its SHA-256")]
    [InlineData("engine.json", "engine.json was changed or damaged")]
    public void Load_ChangedByte_RefusesTheEntryAndRunsTheModelItself(string file, string reason)
    {
        using var model = TestModel.Painter();
        string folder = OnnxPainter.BuildEngine(model.Open(), Options()).Folder!;
        byte[] bytes = File.ReadAllBytes(Path.Combine(folder, file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(folder, file), bytes);

        using OnnxPainter painter = model.Load(Options());

        Assert.StartsWith("runs fp32 on 1 threads (a cached engine was not loaded: ", painter.ProviderReport[0].Message, StringComparison.Ordinal);
        Assert.Contains(reason, painter.ProviderReport[0].Message, StringComparison.Ordinal);
        EngineEntry entry = Assert.Single(Cache.List());
        Assert.Equal(EngineState.Damaged, entry.State);

        // Building anew puts it right.
        OnnxPainter.BuildEngine(model.Open(), Options());
        Assert.Equal(EngineState.Current, Assert.Single(Cache.List()).State);
    }

    [Fact]
    public void Load_ManifestRewrittenWithTheHashOfAForeignGraph_IsRefused()
    {
        using var model = TestModel.Painter();
        string folder = OnnxPainter.BuildEngine(model.Open(), Options()).Folder!;
        string graph = Path.Combine(folder, "model.onnx"), manifest = Path.Combine(folder, "engine.json");
        string old = Sha256(File.ReadAllBytes(graph));
        File.Copy(TestModel.GraphPath("painter_plain"), graph, overwrite: true);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace(old, Sha256(File.ReadAllBytes(graph)), StringComparison.Ordinal));

        using OnnxPainter painter = model.Load(Options());

        Assert.Contains("its content is not what its manifest_sha256 says", painter.ProviderReport[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EntryOfAnotherModelUnderThisName_IsRefused()
    {
        // A whole and honest entry, copied to where this model's entry would be.
        using var model = TestModel.Painter();
        string folder = OnnxPainter.BuildEngine(model.Open(), Options()).Folder!;
        using var plain = TestModel.Variants("fp32");
        string foreign = OnnxPainter.BuildEngine(plain.Open(), Options()).Folder!;
        Directory.Delete(folder, recursive: true);
        Directory.Move(foreign, folder);

        using OnnxPainter painter = model.Load(Options());

        Assert.Contains("it was built for something else", painter.ProviderReport[0].Message, StringComparison.Ordinal);
        Assert.Equal("its folder was renamed", Assert.Single(Cache.List()).Reason);
    }

    [Fact]
    public void Build_StaleDamagedAndAbandonedEntries_AreFoundAndRemoved()
    {
        EngineKey stale = Key("aaaa", ("device", "another processor"), ("onnxruntime", "1.20.0"));
        Cache.Build(stale, "old", 1, Fill("stale"), null, default);
        Directory.CreateDirectory(_folder["damaged"]);
        File.WriteAllText(Path.Combine(_folder["damaged"], "engine.json"), "{");
        string abandoned = _folder[".building-0123456789abcdef-dead"];
        Directory.CreateDirectory(abandoned);

        IReadOnlyList<EngineEntry> before = Cache.List();
        Assert.Equal([EngineState.Damaged, EngineState.Stale], before.Select(e => e.State));
        Assert.Contains("onnxruntime was 1.20.0 and is ", before[1].Reason, StringComparison.Ordinal);
        Assert.Contains("device was another processor and is ", before[1].Reason, StringComparison.Ordinal);

        using var model = TestModel.Painter();
        OnnxPainter.BuildEngine(model.Open(), Options());

        Assert.Equal("test-model", Assert.Single(Cache.List()).Model);
        Assert.False(Directory.Exists(abandoned));
    }

    [Fact]
    public void Build_StagingOfABuildThatStillRuns_IsLeftAlone()
    {
        EngineKey running = Key("bbbb");
        string staging = _folder[$".building-{running.Hash[..16]}-alive"];
        Directory.CreateDirectory(staging);
        using EngineLock held = EngineLock.TryTake(_folder[$".{running.Hash[..16]}.lock"])!;

        Cache.Build(Key("cccc"), "m", 1, Fill("x"), null, default);

        Assert.True(Directory.Exists(staging));
    }

    [Fact]
    public void Build_OverTheLimit_RemovesWhatWasUsedLongestAgo()
    {
        var clock = new SteppingClock();
        var cache = new EngineCache(new EngineCacheOptions { Folder = _folder.Path, LimitMib = 3 }, clock);
        foreach (string name in (string[])["a", "b", "c"])
        {
            cache.Build(Key(name), name, 1, FillMib, null, default);
        }

        // Each entry is a little over 1 MiB: three are too many, a goes. Then c is used before b, so b stays.
        Assert.Equal(["b", "c"], Names());
        Assert.NotNull(cache.Load(Key("c"), "c", out _));
        Assert.NotNull(cache.Load(Key("b"), "b", out _));
        cache.Build(Key("d"), "d", 1, FillMib, null, default);
        Assert.Equal(["b", "d"], Names());

        string[] Names() => [.. Directory.GetDirectories(_folder.Path).Select(d => Path.GetFileName(d)[..1]).Order()];
        static void FillMib(string folder) => File.WriteAllBytes(Path.Combine(folder, EngineContent.GraphName), new byte[1 << 20]);
    }

    [Fact]
    public void Build_FailingHalfWay_LeavesNothingBehind()
    {
        Assert.Throws<InvalidOperationException>(() => Cache.Build(
            Key("x"), "m", 1,
            folder =>
            {
                Fill("half")(folder);
                throw new InvalidOperationException("the builder gave up");
            },
            null, default));

        Assert.Empty(Cache.List());
        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public void Build_Cancelled_LeavesNothingBehind()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        using var model = TestModel.Painter();

        Assert.ThrowsAny<OperationCanceledException>(() => OnnxPainter.BuildEngine(model.Open(), Options(), null, cancelled.Token));

        Assert.Empty(Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public async Task Build_AnotherProcessBuildsTheSame_WaitsAndTakesItsResult()
    {
        using var model = TestModel.Painter();
        string lockFile = LockFileOf(model);
        var told = new Told();
        Task<EngineBuildResult> second;
        using (EngineLock.TryTake(lockFile))
        {
            second = Task.Run(() => OnnxPainter.BuildEngine(model.Open(), Options(), told));
            await told.WaitForAsync(EngineBuildPhase.Waiting);
            Assert.False(second.IsCompleted);
        }

        Assert.NotNull((await second).Folder);
        Assert.Single(Cache.List());
    }

    [Fact]
    public async Task Build_WaitingForAnotherProcess_CanBeCancelled()
    {
        using var model = TestModel.Painter();
        using var cancelled = new CancellationTokenSource();
        var told = new Told();
        using EngineLock held = EngineLock.TryTake(LockFileOf(model))!;

        Task waiting = Task.Run(() => OnnxPainter.BuildEngine(model.Open(), Options(), told, cancelled.Token));
        await told.WaitForAsync(EngineBuildPhase.Waiting);
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Build_TheLockIsBetweenProcesses_NotOnlyThreads()
    {
        using EngineLock held = EngineLock.TryTake(_folder["a.lock"])!;

        await OwnProcess.RunAsync(AppContext.BaseDirectory, nameof(TryTake_InAnotherProcess_IsRefused), ("VBEDGE_TEST_LOCK", _folder["a.lock"]));
    }

    /// <summary>Explicit: it runs in another process than the one that holds the lock.</summary>
    [Fact(Explicit = true)]
    public void TryTake_InAnotherProcess_IsRefused()
    {
        string path = Environment.GetEnvironmentVariable("VBEDGE_TEST_LOCK")!;

        Assert.Null(EngineLock.TryTake(path));
        using EngineLock other = EngineLock.TryTake(path + ".other")!;
        Assert.NotNull(other);
    }

    [Fact]
    public void Load_CacheThatCannotBeWritten_RunsAnywayAndSaysWhatToDo()
    {
        // A file where the folder should be: nobody can write below it, the superuser neither.
        File.WriteAllText(_folder["file"], "");
        using var model = TestModel.Painter();
        ExecutionOptions options = Options(EngineBuildPolicy.All) with
        {
            EngineCache = new EngineCacheOptions
            {
                Folder = _folder["file/below"],
                Build = EngineBuildPolicy.All
            }
        };

        using OnnxPainter painter = model.Load(options);

        Assert.Contains("cannot be used", painter.ProviderReport[0].Message, StringComparison.Ordinal);
        Assert.Contains("VBEDGE_CACHE", painter.ProviderReport[0].Message, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be used", Assert.Throws<InferenceException>(() => OnnxPainter.BuildEngine(model.Open(), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Estimate_EarlierBuilds_AreTheBasisAndGrowWithTheModel()
    {
        var history = new BuildHistory(_folder["builds.tsv"]);
        Assert.Null(history.Estimate(Key("a"), 100));

        history.Add(Key("a"), 100, TimeSpan.FromSeconds(10));
        history.Add(Key("a"), 100, TimeSpan.FromSeconds(12));

        Assert.Equal(12, history.Estimate(Key("a"), 100)!.Value.TotalSeconds);
        Assert.Equal(12, history.Estimate(Key("a", ("onnxruntime", "9.9")), 100)!.Value.TotalSeconds);
        Assert.Equal(24, history.Estimate(Key("b"), 200)!.Value.TotalSeconds);
        Assert.Null(history.Estimate(Key("a", ("device", "another")), 100));
        File.AppendAllText(_folder["builds.tsv"], "no line of this file\n\t\t\t\n");
        Assert.Equal(12, history.Estimate(Key("a"), 100)!.Value.TotalSeconds);
    }

    [Fact]
    public void BuildEngine_SecondTime_EstimatesFromTheFirst()
    {
        using var model = TestModel.Painter();
        var told = new Told();
        OnnxPainter.BuildEngine(model.Open(), Options(), told);
        Assert.Null(told.All[0].Expected);
        Cache.Remove(Assert.Single(Cache.List()));

        told.All.Clear();
        OnnxPainter.BuildEngine(model.Open(), Options(), told);

        Assert.NotNull(told.All[0].Expected);
        Assert.Matches("^building test-model fp32 for cpu: 0.0 s, (about .* left|longer than .*)$", told.All[0].ToString());
    }

    [Fact]
    public void KeyHash_ValuesThatRunIntoEachOther_Differ()
    {
        Assert.NotEqual(
            EngineKey.HashOf([new("a", "b\n1:c=1:d")]),
            EngineKey.HashOf([new("a", "b"), new("c", "d")]));
    }

    [Fact]
    public void KeyOf_EverythingItDependsOn_ChangesIt()
    {
        using var model = TestModel.Variants("fp32", "fp16", "int8");
        ModelPackage package = model.Open();
        var variant = new ModelVariant(package.FileFor(null), ModelPrecision.Fp16);
        string KeyFor(ExecutionOptions options, ModelVariant chosen, ShapeProfile profile, ExecutionProvider provider = ExecutionProvider.TensorRt) =>
            new SessionOpener(package, options, profile, _ => { }, (_, _) => throw new InvalidOperationException(), null, default).KeyOf(provider, chosen).Hash;

        var shapes = new ShapeProfile("a:1", "a:1", "a:4");
        string[] hashes =
        [
            KeyFor(Options(), variant, ShapeProfile.Fixed),
            KeyFor(Options(), variant, shapes),
            KeyFor(Options(), variant, shapes with { Max = "a:8" }),
            KeyFor(Options(), variant with { Computes = ModelPrecision.Fp32 }, ShapeProfile.Fixed),
            KeyFor(Options(), variant with { File = package.FileFor(ModelPrecision.Int8) }, ShapeProfile.Fixed),
            KeyFor(Options() with { DeviceId = 1 }, variant, ShapeProfile.Fixed),
            KeyFor(Options() with { TensorRt = new TensorRtOptions { BuilderLevel = 5 } }, variant, ShapeProfile.Fixed),
            KeyFor(Options() with { TensorRt = new TensorRtOptions { DlaCore = 0 } }, variant, ShapeProfile.Fixed),
            KeyFor(Options(), variant, ShapeProfile.Fixed, ExecutionProvider.Cpu),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(hashes[0], KeyFor(Options() with { Threads = 4 }, variant, ShapeProfile.Fixed));
    }

    private static EngineKey Key(string model, params (string Name, string Value)[] changes)
    {
        Dictionary<string, string> machine = EngineMachine.FieldsOf(ExecutionProvider.Cpu, 0).ToDictionary();
        foreach ((string name, string value) in changes)
        {
            machine[name] = value;
        }

        return new EngineKey([new("provider", "cpu"), new("device_id", "0"), new("precision", "fp32"), new("model_sha256", model), .. machine]);
    }

    private static Action<string> Fill(string text) => folder => File.WriteAllText(Path.Combine(folder, EngineContent.GraphName), text);

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private string LockFileOf(TestModel model)
    {
        ModelPackage package = model.Open();
        var opener = new SessionOpener(package, Options(), ShapeProfile.Fixed, _ => { }, (_, _) => throw new InvalidOperationException(), null, default);
        EngineKey key = opener.KeyOf(ExecutionProvider.Cpu, new ModelVariant(package.FileFor(null), ModelPrecision.Fp32));
        return _folder[$".{key.Hash[..16]}.lock"];
    }

    private static byte[] Paint(TestModel model, ExecutionOptions options, string message)
    {
        using OnnxPainter painter = model.Load(options);
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Paint(frame, [Instruction.MetricDepth()]);
        Assert.Equal(message, painter.ProviderReport[0].Message);
        return frame.Find(PerceptKind.Depth)!.PaintingBytes.ToArray();
    }

    private sealed class Told : IProgress<EngineBuildProgress>
    {
        private readonly TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<EngineBuildProgress> All { get; } = [];

        public void Report(EngineBuildProgress value)
        {
            lock (All)
            {
                All.Add(value);
            }

            if (value.Phase == EngineBuildPhase.Waiting)
            {
                _waiting.TrySetResult();
            }
        }

        public Task WaitForAsync(EngineBuildPhase phase)
        {
            Assert.Equal(EngineBuildPhase.Waiting, phase);
            return _waiting.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Every look at the clock is a second later than the last, so that an order of use exists at any speed.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromSeconds(1);
    }
}
