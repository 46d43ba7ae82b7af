using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>ONNX Runtime, its providers and the cache of engines: each provider loads the pipeline's model for real.</summary>
internal static class EngineChecks
{
    public static IEnumerable<Check> Run(PainterEntry painter)
    {
        yield return Check.Try("onnxruntime", CheckStatus.Problem, () =>
            $"native {OnnxRuntimeVersion.Native()}{(OnnxRuntimeVersion.NativePath() is { } path ? $" ({path})" : "")}, managed {OnnxRuntimeVersion.Managed}");
        if (Server(painter) is { } server)
        {
            yield return server;
            yield break;
        }

        bool gpu = GpuLibraries.OfThisMachine.Devices.Count > 0;
        foreach (Check known in Troubles(painter))
        {
            yield return known;
        }

        foreach (ExecutionProvider provider in Enum.GetValues<ExecutionProvider>())
        {
            yield return Provider(provider, painter, gpu);
        }

        var cache = new EngineCache(painter.Execution.EngineCache);
        foreach (Check check in Cache(cache))
        {
            yield return check;
        }
    }

    /// <summary>A server that paints, asked for real; null when the pipeline's painter runs here.</summary>
    private static Check? Server(PainterEntry painter)
    {
        if (painter.Model is not { } model || (HttpPainterFile.Find(model) ?? KServePainterFile.Find(model)) is not { } file)
        {
            return null;
        }

        try
        {
            using IPainter loaded = PainterChoice.Of(file).Load(painter.Execution);
            return Check.Well("painter server",
                $"{loaded.Description.Name} {loaded.Description.Version} paints {loaded.Description.Width}×{loaded.Description.Height}");
        }
        catch (VisionBananaException e)
        {
            return new Check("painter server", CheckStatus.Problem, "does not work", e.Message);
        }
    }

    private static Check Provider(ExecutionProvider provider, PainterEntry painter, bool gpu)
    {
        string name = $"provider {provider.Name()}";

        // A GPU that is there and not used is a problem; none is none. An engine is never built here: that takes minutes.
        CheckStatus otherwise = provider == ExecutionProvider.Cpu || gpu ? CheckStatus.Problem : CheckStatus.Missing;
        try
        {
            ExecutionOptions options = painter.Execution with
            {
                Require = provider,
                EngineCache = painter.Execution.EngineCache with { Build = EngineBuildPolicy.Never }
            };
            using var loaded = OnnxPainter.Load(PainterChoice.Of(painter.Model).Package!, options);
            string refused = string.Concat(loaded.ProviderReport.TakeWhile(a => a.Outcome == ProviderOutcome.Failed).Select(a => $"{a.Message}; "));
            string found = $"{loaded.Description.Name} {loaded.Description.Version} "
                + $"{refused}{loaded.ProviderReport.First(a => a.Outcome == ProviderOutcome.Running).Message}"
                + (loaded.Parity is { } parity ? $"; {parity}" : "");
            return refused.Length == 0 ? Check.Well(name, found) : new Check(name, CheckStatus.Problem, found, "vbedge engine verify tells more");
        }
        catch (InferenceException e) when (e.Message.Contains("vbedge engine build", StringComparison.Ordinal))
        {
            return new Check(name, CheckStatus.Missing, "loads; no engine is built yet", e.Message);
        }
        catch (VisionBananaException e)
        {
            return new Check(name, otherwise, "does not work", e.Message);
        }
    }

    /// <summary>Told before an engine is built: that takes minutes.</summary>
    private static IEnumerable<Check> Troubles(PainterEntry painter)
    {
        KnownTrouble[] known;
        try
        {
            known = [.. OnnxPainter.KnownTroubles(PainterChoice.Of(painter.Model).Package!, painter.Execution)];
        }
        catch (VisionBananaException)
        {
            // The providers tell what is wrong with the package.
            known = [];
        }

        return known.Select(t => new Check($"tensorrt {GpuLibraries.OfThisMachine.TensorRt}", CheckStatus.Problem, "known for wrong answers with such a "
            + "model", t.ToString()));
    }

    private static IEnumerable<Check> Cache(EngineCache cache)
    {
        IReadOnlyList<EngineEntry> entries = cache.List();
        int useless = entries.Count(e => e.State != EngineState.Current);
        string found = $"{entries.Count - useless} current, {useless} stale or damaged, {entries.Sum(e => e.Bytes) >> 20} MiB in {cache.Folder}";
        yield return useless == 0
            ? Check.Well("engines", found)
            : new Check("engines", CheckStatus.Missing, found, "vbedge engine clear --stale; they are never loaded");

        const long NeededMib = 1024;
        string existing = cache.Folder;
        while (!Directory.Exists(existing))
        {
            existing = Path.GetDirectoryName(existing)!;
        }

        long free = new DriveInfo(existing).AvailableFreeSpace >> 20;
        string? denied = Denied(existing);
        yield return denied is not null
            ? new Check("engine cache disk", CheckStatus.Problem, $"{existing}: {denied}",
                $"give this user the folder, or set {EngineCacheOptions.Variable} to one that can be written")
            : free >= NeededMib ? Check.Well("engine cache disk", $"{free} MiB free at {existing}")
            : new Check("engine cache disk", CheckStatus.Problem, $"{free} MiB free at {existing}",
                $"make room: engines need up to {NeededMib} MiB; vbedge engine clear, or set {EngineCacheOptions.Variable}");
    }

    private static string? Denied(string folder)
    {
        try
        {
            string trial = Path.Combine(folder, $".vbedge-{Guid.NewGuid():N}");
            File.WriteAllBytes(trial, [0]);
            File.Delete(trial);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
