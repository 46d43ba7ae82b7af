using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>
/// Built engines on disk, one folder each. An entry appears whole or not at all, and is loaded only when its key is the one that is
/// needed and every byte has the hash that its manifest says: an engine is executable code of a kind, and foreign ones are not run.
/// A user who can write the folder can write a hash as well: folder, entry and files must belong to this user alone.
/// </summary>
public sealed class EngineCache
{
    private const string StagingPrefix = ".building-";
    private const string TimingName = "timing";
    private const int ShortHash = 16;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly EngineCacheOptions _options;
    private readonly TimeProvider _clock;
    private readonly BuildHistory _history;

    /// <summary>Nothing is read or created yet.</summary>
    public EngineCache(EngineCacheOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new EngineCacheOptions();
        _clock = clock ?? TimeProvider.System;
        Folder = Path.GetFullPath(_options.Folder ?? EngineCacheOptions.DefaultFolder);
        _history = new BuildHistory(Path.Combine(Folder, "builds.tsv"));
    }

    /// <summary>Where the entries are.</summary>
    public string Folder { get; }

    /// <summary>Where TensorRT keeps the timings of its kernels: they make the next build of any model faster.</summary>
    internal string TimingFolder => Path.Combine(Folder, TimingName);

    /// <summary>What was found out about engines.</summary>
    internal ParityStore Parity => new(Folder);

    /// <summary>Makes <see cref="TimingFolder"/>, for this user alone.</summary>
    internal void CreateTimingFolder() => EngineFolder.Create(TimingFolder);

    /// <summary>All entries, by folder name, with their state on this machine. Every file is hashed.</summary>
    public IReadOnlyList<EngineEntry> List()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        return
        [
            .. Entries().Order(StringComparer.Ordinal).Select(Examine),
        ];
    }

    /// <summary>Removes an entry.</summary>
    /// <exception cref="InferenceException">The folder cannot be removed.</exception>
    public void Remove(EngineEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (Path.GetDirectoryName(entry.Folder) != Folder)
        {
            throw new ArgumentException($"{entry.Folder} is no entry of {Folder}.", nameof(entry));
        }

        if (entry.Key is { } key)
        {
            Parity.Forget(key);
        }

        try
        {
            Directory.Delete(entry.Folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"{entry.Folder} cannot be removed: {e.Message} Remove it by hand, or as the user who built it.", e);
        }
    }

    /// <summary>The entry of a key, checked; null when there is none that may be loaded.</summary>
    /// <param name="key">What is needed.</param>
    /// <param name="model">The package's name.</param>
    /// <param name="rejected">Why an entry of this name was not loaded; null when there was none or it was.</param>
    internal EngineContent? Load(EngineKey key, string model, out string? rejected)
    {
        string folder = FolderOf(key, model);
        if (!Directory.Exists(folder))
        {
            rejected = null;
            return null;
        }

        try
        {
            if (WhoseProblem(folder) is { } foreign)
            {
                rejected = foreign;
                return null;
            }

            EngineManifest manifest = EngineFolder.Check(folder, out byte[]? graph);
            rejected = manifest.Key.Equals(key) ? null : "it was built for something else";
            if (rejected is not null)
            {
                return null;
            }

            Touch(folder);
            return new EngineContent(folder, graph);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            rejected = e.Message;
            return null;
        }
    }

    /// <summary>Builds an entry, or waits for another process that does, and returns it checked. Removes what became useless.</summary>
    /// <param name="key">What it is for.</param>
    /// <param name="model">The package's name.</param>
    /// <param name="modelBytes">Size of its file, for estimates.</param>
    /// <param name="build">Puts the files into the folder that it is given.</param>
    /// <param name="progress">Told once a second, and at the beginning and the end; null = nobody.</param>
    /// <param name="cancellationToken">Ends the waiting; <paramref name="build"/> has to see to itself.</param>
    /// <exception cref="IOException">The cache cannot be written; <see cref="UnauthorizedAccessException"/> likewise, and when it is not this user's
    /// alone.</exception>
    internal EngineContent Build(
        EngineKey key, string model, long modelBytes, Action<string> build, IProgress<EngineBuildProgress>? progress, CancellationToken cancellationToken)
    {
        EngineFolder.Create(Folder);
        if (FileOwner.Problem(Folder) is { } foreign)
        {
            throw new UnauthorizedAccessException(foreign);
        }

        var now = new EngineBuildProgress(model, ProviderOf(key)!.Value, key["precision"], EngineBuildPhase.Building, TimeSpan.Zero,
            _history.Estimate(key, modelBytes));
        using EngineLock turn = Take(key, now with { Phase = EngineBuildPhase.Waiting }, progress, cancellationToken);
        if (Load(key, model, out _) is { } built)
        {
            return built;
        }

        RemoveUseless(key);
        long start = _clock.GetTimestamp();
        string staging = Path.Combine(Folder, $"{StagingPrefix}{key.Hash[..ShortHash]}-{Guid.NewGuid():N}");
        EngineFolder.Create(staging);
        try
        {
            progress?.Report(now);
            using (_clock.CreateTimer(_ => progress?.Report(now with { Elapsed = _clock.GetElapsedTime(start) }), null, Tick, Tick))
            {
                build(staging);
            }

            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan took = _clock.GetElapsedTime(start);
            EngineFolder.WriteManifest(
                staging, new EngineManifest(model, key, EngineFolder.HashFiles(staging), _clock.GetUtcNow(), Math.Round(took.TotalSeconds, 3)));
            string folder = FolderOf(key, model);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(staging, folder);
            _history.Add(key, modelBytes, took);
            KeepWithinLimit(folder);
            progress?.Report(now with { Phase = EngineBuildPhase.Built, Elapsed = took });
        }
        catch
        {
            EngineFolder.TryDelete(staging);
            throw;
        }

        return Load(key, model, out string? rejected) ?? throw new IOException($"{FolderOf(key, model)}: "
            + $"the engine that was just built cannot be read: {rejected}");
    }

    private static ExecutionProvider? ProviderOf(EngineKey key) =>
        Array.IndexOf(ExecutionProviderNames.All, key["provider"]) is var index and >= 0 ? (ExecutionProvider)index : null;

    private static string FolderName(EngineKey key, string model) =>
        $"{string.Concat(model.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'))}"
            + $"-{key["provider"]}-{key["precision"]}-{key.Hash[..ShortHash]}";

    private string FolderOf(EngineKey key, string model) => Path.Combine(Folder, FolderName(key, model));

    private string LockOf(string shortHash) => Path.Combine(Folder, $".{shortHash}.lock");

    private IEnumerable<string> Entries() => Directory.GetDirectories(Folder)
        .Where(d => Path.GetFileName(d) is var name && !name.StartsWith('.') && name is not (TimingName or ParityStore.FolderName));

    /// <summary>Why an entry may be somebody else's work; null when it is this user's.</summary>
    private string? WhoseProblem(string entry) =>
        new[] { Folder, entry }.Concat(Directory.GetFiles(entry)).Select(FileOwner.Problem).FirstOrDefault(p => p is not null);

    private void Touch(string folder)
    {
        try
        {
            File.SetLastWriteTimeUtc(Path.Combine(folder, EngineFolder.UsedName), _clock.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that may only be read keeps no order of use.
        }
    }

    private EngineEntry Examine(string folder)
    {
        var entry = new EngineEntry(
            folder, EngineState.Damaged, null, "", null, "", EngineFolder.BytesOf(folder), default, 0,
            File.GetLastWriteTimeUtc(Path.Combine(folder, EngineFolder.UsedName)), null);
        try
        {
            if (WhoseProblem(folder) is { } foreign)
            {
                return entry with { Reason = foreign };
            }

            EngineManifest manifest = EngineFolder.Check(folder, out _);
            ExecutionProvider? provider = ProviderOf(manifest.Key);
            _ = int.TryParse(manifest.Key["device_id"], out int device);
            string[] differences = provider is { } known
                ? [.. manifest.Key.MachineDifferences(EngineMachine.FieldsOf(known, device).ToDictionary())]
                : [$"the provider '{manifest.Key["provider"]}' is not known"];
            string? reason = differences.Length > 0 ? string.Join(", ", differences)
                : Path.GetFileName(folder) != FolderName(manifest.Key, manifest.Model) ? "its folder was renamed" : null;
            return entry with
            {
                State = reason is null ? EngineState.Current : EngineState.Stale,
                Reason = reason,
                Model = manifest.Model,
                Provider = provider,
                Precision = manifest.Key["precision"],
                Built = manifest.Built,
                BuildSeconds = manifest.BuildSeconds,
                Key = manifest.Key,
                Parity = Parity.Find(manifest.Key),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return entry with { Reason = e.Message };
        }
    }

    private EngineLock Take(EngineKey key, EngineBuildProgress waiting, IProgress<EngineBuildProgress>? progress, CancellationToken cancellationToken)
    {
        long start = _clock.GetTimestamp();
        for (int round = 0; ; round++)
        {
            if (EngineLock.TryTake(LockOf(key.Hash[..ShortHash])) is { } turn)
            {
                return turn;
            }

            const int RoundsPerReport = 5;
            if (round % RoundsPerReport == 0)
            {
                progress?.Report(waiting with { Elapsed = _clock.GetElapsedTime(start) });
            }

            cancellationToken.WaitHandle.WaitOne(Tick / RoundsPerReport);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Stale and damaged entries, and what builds left that were killed.</summary>
    private void RemoveUseless(EngineKey own)
    {
        foreach (EngineEntry entry in List().Where(e => e.State != EngineState.Current))
        {
            EngineFolder.TryDelete(entry.Folder);
        }

        foreach (string staging in Directory.GetDirectories(Folder, StagingPrefix + "*"))
        {
            string hash = Path.GetFileName(staging)[StagingPrefix.Length..].Split('-')[0];
            using EngineLock? turn = hash == own.Hash[..ShortHash] ? null : EngineLock.TryTake(LockOf(hash));
            if (turn is not null || hash == own.Hash[..ShortHash])
            {
                EngineFolder.TryDelete(staging);
            }
        }
    }

    private void KeepWithinLimit(string newest)
    {
        List<(string Folder, long Bytes, DateTime Used)> entries =
        [
            .. Entries().Select(d => (d, EngineFolder.BytesOf(d), File.GetLastWriteTimeUtc(Path.Combine(d, EngineFolder.UsedName)))),
        ];
        long total = entries.Sum(e => e.Bytes), limit = (long)_options.LimitMib << 20;
        foreach ((string folder, long bytes, _) in entries.Where(e => e.Folder != newest).OrderBy(e => e.Used))
        {
            if (total <= limit)
            {
                return;
            }

            EngineFolder.TryDelete(folder);
            total -= bytes;
        }
    }
}
