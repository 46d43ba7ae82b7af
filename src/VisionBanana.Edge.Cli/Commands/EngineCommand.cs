using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge engine build|verify|list|clear</c>.</summary>
internal static class EngineCommand
{
    public static Command Create() => new("engine", "Builds engines ahead of time, compares their answers with the model's, lists and clears those that "
        + "are cached.")
    {
        Build(),
        Verify(),
        List(),
        Clear(),
    };

    private static Command Build()
    {
        var model = new Argument<string?>("model")
        {
            Description = "A folder with model.yaml, or the name of a bundled model; default: the bundled one.",
            Arity = ArgumentArity.ZeroOrOne
        };
        Option<FileInfo?> pipeline = new("--pipeline")
        {
            Description = "Takes model and execution from this pipeline file: builds exactly what 'run' will "
            + "need."
        };
        Option<string?> provider = OptionOf.Word(
            "--provider", ["tensorrt", "cuda", "cpu"], "Build for this one: tensorrt or cpu. Default: the first that works.");
        Option<string?> precision = CommonOptions.Precision();
        Option<DirectoryInfo?> folder = FolderOption();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("build", "Builds the engine of a model, with progress; nothing is built when it is there already.")
        {
            model, pipeline, provider, precision, folder, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            PainterEntry painter = parsed.GetValue(pipeline) is { } file
                ? ToolSections.Read(file.ToString()).Painter
                : new PainterEntry();
            ExecutionOptions options = CommonOptions.With(painter.Execution, parsed.GetValue(precision));
            if (parsed.GetValue(provider) is { } required)
            {
                options = options with { Require = Enum.Parse<ExecutionProvider>(required, ignoreCase: true) };
            }

            if (parsed.GetValue(folder) is { } cache)
            {
                options = options with { EngineCache = options.EngineCache with { Folder = cache.ToString() } };
            }

            string? name = parsed.GetValue(model) ?? painter.Model;
            ModelPackage package = PainterChoice.Of(name).Package
                ?? throw new ConfigurationException($"{name} names a server that paints: there is no engine to build here. Name a model package.");
            var clock = System.Diagnostics.Stopwatch.StartNew();

            // A builder in a native library cannot be interrupted: its thread ends with the process, and what it left is removed by the next build.
            EngineBuildResult result = await Task.Run(() => OnnxPainter.BuildEngine(package, options, new BuildPrinter(), cancellationToken), cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    Model = package.Manifest.Name,
                    result.Folder,
                    ElapsedS = clock.Elapsed.TotalSeconds,
                    Providers = result.Report.Select(a => new { Provider = a.Provider.Name(), a.Outcome, a.Message }),
                },
                _ =>
                {
                    foreach (ProviderAttempt attempt in result.Report.Where(a => a.Outcome != ProviderOutcome.NotTried))
                    {
                        Console.WriteLine(attempt);
                    }
                });
        });
        return command;
    }

    private static Command Verify()
    {
        var model = new Argument<string?>("model")
        {
            Description = "A folder with model.yaml, or the name of a bundled model; default: the bundled one.",
            Arity = ArgumentArity.ZeroOrOne
        };
        Option<FileInfo?> pipeline = new("--pipeline") { Description = "Takes model and execution from this pipeline file." };
        Option<string?> provider = OptionOf.Word(
            "--provider", ["tensorrt", "cuda", "cpu"], "Compare this one: tensorrt, cuda or cpu. Default: all that work.");
        Option<string?> precision = CommonOptions.Precision();
        Option<DirectoryInfo?> folder = FolderOption();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("verify", "Compares the answers of each provider with those of the processor in fp32, on reference pictures; exit code 1 "
            + "when one of them is out of bounds.")
        {
            model, pipeline, provider, precision, folder, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            PainterEntry painter = parsed.GetValue(pipeline) is { } file
                ? ToolSections.Read(file.ToString()).Painter
                : new PainterEntry();
            ExecutionOptions options = CommonOptions.With(painter.Execution, parsed.GetValue(precision));
            if (parsed.GetValue(folder) is { } cache)
            {
                options = options with { EngineCache = options.EngineCache with { Folder = cache.ToString() } };
            }

            string? name = parsed.GetValue(model) ?? painter.Model;
            ModelPackage package = PainterChoice.Of(name).Package
                ?? throw new ConfigurationException($"{name} names a server that paints: there is no engine to compare here. Name a model package.");
            ExecutionProvider? only = parsed.GetValue(provider) is { } asked ? Enum.Parse<ExecutionProvider>(asked, ignoreCase: true) : null;
            EngineComparison[] found = await Task.Run(() => EngineComparison.Of(package, options, only, cancellationToken).ToArray(), cancellationToken)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            string[] beyond = [.. found.Where(f => !(f.Verdict?.Agrees ?? !f.WasAsked)).Select(f => f.ToString())];
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    Model = package.Manifest.Name,
                    Engines = found.Select(f => new
                    {
                        Provider = f.Provider.Name(),
                        f.Precision,
                        f.Verdict?.Agrees,
                        f.Verdict?.Figures,
                        f.Verdict?.Beyond,
                        f.Verdict?.Versions,
                        f.Problem
                    }),
                },
                _ => Array.ForEach(found, Console.WriteLine), beyond.Length == 0 ? ExitCode.Well : ExitCode.Failed,
                beyond.Length == 0 ? null : string.Join("; ", beyond));
        });
        return command;
    }

    private static Command List()
    {
        Option<DirectoryInfo?> folder = FolderOption();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "Lists the engines of the cache and whether each may be loaded on this machine.") { folder, json };
        command.SetAction(parsed =>
        {
            EngineCache cache = Open(parsed.GetValue(folder));
            IReadOnlyList<EngineEntry> entries = cache.List();
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    cache.Folder,
                    Engines = entries.Select(e => new
                    {
                        e.Model,
                        Provider = e.Provider?.Name(),
                        e.Precision,
                        e.State,
                        e.Reason,
                        e.Bytes,
                        Built = e.Key is null ? null : (DateTimeOffset?)e.Built,
                        e.BuildSeconds,
                        e.Used,
                        Agrees = e.Parity?.Agrees,
                        Parity = e.Parity?.Figures,
                        e.Folder,
                        Key = e.Key?.Fields.ToDictionary(f => f.Key, f => f.Value),
                    }),
                },
                _ => Print(entries, cache.Folder));
        });
        return command;
    }

    private static void Print(IReadOnlyList<EngineEntry> entries, string folder)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("model", "provider", "precision", "state", "agrees", "MiB", "built", "took s",
            "entry");
        foreach (EngineEntry entry in entries)
        {
            table.AddRow(
                Markup.Escape(entry.Model),
                entry.Provider?.Name() ?? "",
                Markup.Escape(entry.Precision),
                Markup.Escape(entry.State switch
                {
                    EngineState.Current => "current",
                    EngineState.Stale => $"stale: {entry.Reason}",
                    _ => $"damaged: {entry.Reason}",
                }),
                Markup.Escape(entry.Parity is { } parity ? (parity.Agrees ? $"yes: {parity.Figures}" : $"no: {string.Join("; ", parity.Beyond)}")
                    : "not compared yet"),
                (entry.Bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture),
                entry.Key is null ? "" : entry.Built.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
                entry.BuildSeconds.ToString("0.0", CultureInfo.InvariantCulture),
                Markup.Escape(Path.GetFileName(entry.Folder)));
        }

        AnsiConsole.Write(table);
        Console.WriteLine($"{entries.Count} in {folder}");
    }

    private static Command Clear()
    {
        var stale = new Option<bool>("--stale") { Description = "Only those that cannot be loaded on this machine: stale and damaged ones." };
        var model = new Option<string?>("--model") { Description = "Only those of this model." };
        Option<DirectoryInfo?> folder = FolderOption();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("clear", "Removes cached engines.") { stale, model, folder, json };
        command.SetAction(parsed =>
        {
            EngineCache cache = Open(parsed.GetValue(folder));
            EngineEntry[] chosen =
            [
                .. cache.List().Where(e => (!parsed.GetValue(stale) || e.State != EngineState.Current)
                    && (parsed.GetValue(model) is not { } name || e.Model == name)),
            ];
            foreach (EngineEntry entry in chosen)
            {
                cache.Remove(entry);
            }

            return Report.Print(
                parsed.GetValue(json), new { cache.Folder, Removed = chosen.Select(e => e.Folder), Bytes = chosen.Sum(e => e.Bytes) },
                _ => Console.WriteLine($"removed {chosen.Length} of {cache.Folder}"));
        });
        return command;
    }

    private static EngineCache Open(DirectoryInfo? folder) => new(new EngineCacheOptions { Folder = folder?.ToString() });

    private static Option<DirectoryInfo?> FolderOption() => new("--folder") { Description = $"The cache; default: {EngineCacheOptions.DefaultFolder}" };
}
