using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Bench;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Configuration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge bench</c>.</summary>
internal static class BenchCommand
{
    private static readonly double[] DefaultRates = [10, 30];

    public static Command Create()
    {
        var file = new Argument<FileInfo?>("pipeline.yaml")
        {
            Description = "Model, pictures, instructions and streams to measure with; without one: those of the demo.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> source = CommonOptions.Source();
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<string[]> instructions = CommonOptions.Instructions();
        Option<double[]> rates =
            OptionOf.Numbers("--rate", 0.1, 1000, "Hz", "30", "An input rate in Hz, beside flat out; may be repeated. Default: 10 and 30.");
        Option<double> seconds = OptionOf.Number("--seconds", 2, 3600, "s", "30", "How long to measure in all, without loading.", otherwise: 30);
        Option<int?> threads = OptionOf.Count("--threads", 1, 256, "4", "Threads of the model on the processor, instead of what the pipeline says.");
        Option<string?> overlap = OptionOf.Word(
            "--overlap", ["on", "off"], "on: stages run beside each other; off: one after the other. Default: what the pipeline does.");
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Writes the report as JSON into this file too." };
        var markdown = new Option<bool>("--markdown") { Description = "Prints only the row for a README." };
        var compare = new Option<string[]>("--compare")
        {
            Description = "Measures nothing: compares two reports, A.json B.json.",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        Option<double?> failAbove = OptionOf.Number(
            "--fail-above", 0.01, 1000, "", "1.2", "With --compare: fails when a number of B is more than so many times worse than in A, e.g. 1.2.");
        Option<FleetSize?> fleet = OptionOf.Of<FleetSize?>(
            "--fleet", FleetSize.Expected, "robots=8,workers=3", FleetSize.TryParse,
            "Measures a fleet on this machine instead, with a Mosquitto of its own: robots that capture and workers that paint.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "bench", "Measures the pipeline on this machine: model alone, stages, fixed input rates and flat out, allocation, transports.")
        {
            file, source, camera, hfov, model, precision, instructions, rates, seconds, threads, overlap, output, markdown, compare, failAbove, fleet, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(compare) is { Length: 2 } files)
            {
                return Task.FromResult(Compare(files[0], files[1], parsed.GetValue(failAbove), parsed.GetValue(json)));
            }

            if (parsed.GetValue(failAbove) is not null)
            {
                throw new ConfigurationException("--fail-above needs --compare A.json B.json: it says when that fails.");
            }

            var pipeline = ToolSections.ReadAll(parsed.GetValue(file)?.ToString() ?? Assets.DemoPipeline);
            pipeline = pipeline.With(
                parsed.GetValue(source), parsed.GetValue(camera)?.ToString(), parsed.GetValue(hfov), parsed.GetValue(model), parsed.GetValue(instructions)
                    ?? [],
                parsed.GetValue(precision));
            if (parsed.GetValue(fleet) is { } size)
            {
                return MeasureFleetAsync(pipeline.Only, size, parsed.GetValue(model), parsed.GetValue(seconds), parsed.GetValue(json), cancellationToken);
            }

            PainterEntry painter = pipeline.Painter;
            if (parsed.GetValue(threads) is { } count)
            {
                painter = painter with { Execution = painter.Execution with { Threads = count } };
            }

            if (parsed.GetValue(overlap) is { } word)
            {
                painter = painter with { Overlap = word == "on" };
            }

            double[] asked = parsed.GetValue(rates) is { Length: > 0 } given ? given : DefaultRates;
            if (pipeline.HasSeveral)
            {
                if (parsed.GetValue(markdown))
                {
                    throw new ConfigurationException("--markdown is the row of one camera: this file names several.");
                }

                RobotFile robot = pipeline with { Cameras = [.. pipeline.Cameras.Select(c => c with { Painter = painter })] };
                return MeasureCamerasAsync(
                    robot, asked[0], parsed.GetValue(seconds), parsed.GetValue(output)?.ToString(), parsed.GetValue(json), cancellationToken);
            }

            var settings = new BenchSettings(pipeline.Only with { Painter = painter }, asked, parsed.GetValue(seconds));
            return MeasureAsync(settings, parsed.GetValue(output)?.ToString(), parsed.GetValue(json), parsed.GetValue(markdown), cancellationToken);
        });
        return command;
    }

    private static async Task<int> MeasureAsync(BenchSettings settings, string? output, bool json, bool markdown, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        using Measurement measurement = await Measurement.OpenAsync(settings, loggers, cancellationToken).ConfigureAwait(false);
        BenchReport report = await measurement.RunAsync(
            what =>
            {
                if (!json && !markdown)
                {
                    Console.Error.WriteLine($"measuring {what}");
                }
            },
            cancellationToken).ConfigureAwait(false);
        await WriteAsync(output, report, cancellationToken).ConfigureAwait(false);
        return Report.Print(json, report, markdown ? BenchText.Markdown : BenchText.Print);
    }

    private static async Task<int> MeasureCamerasAsync(
        RobotFile file, double rate, double seconds, string? output, bool json, CancellationToken cancellationToken)
    {
        using ILoggerFactory loggers = CommonOptions.CreateLoggers();
        CamerasBenchReport report = await CamerasMeasurement.RunAsync(
            file, rate, seconds,
            what =>
            {
                if (!json)
                {
                    Console.Error.WriteLine($"measuring {what}");
                }
            },
            loggers, cancellationToken).ConfigureAwait(false);
        await WriteAsync(output, report, cancellationToken).ConfigureAwait(false);
        return Report.Print(json, report, static r => r.Print());
    }

    private static async Task WriteAsync<T>(string? output, T report, CancellationToken cancellationToken)
    {
        if (output is null)
        {
            return;
        }

        try
        {
            await File.WriteAllTextAsync(output, Json.Pretty(report), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"--output: the report cannot be written to {output}: {e.Message}", e);
        }
    }

    private static async Task<int> MeasureFleetAsync(
        PipelineFile pipeline, FleetSize size, string? model, double seconds, bool json, CancellationToken cancellationToken)
    {
        if (!json)
        {
            await Console.Error.WriteLineAsync($"starting a broker, {size.Workers} workers and {size.Robots} robots").ConfigureAwait(false);
        }

        using var bench = new FleetBench(pipeline, size, model, TimeSpan.FromSeconds(seconds));
        FleetReport report = await bench.RunAsync(cancellationToken).ConfigureAwait(false);
        return Report.Print(json, report, static r => r.Print(), report.Balanced ? ExitCode.Well : ExitCode.Failed);
    }

    private static int Compare(string fileA, string fileB, double? failAbove, bool json)
    {
        var comparison = Comparison.Read(fileA, fileB);
        string[] worse =
        [
            .. comparison.Rows.Where(r => failAbove is { } limit && r.Slower > limit).Select(row => FormattableString.Invariant(
                $"{row.Metric} is {row.Slower:0.00} times worse ({row.A:0.###} → {row.B:0.###}), more than {failAbove} times")),
        ];
        string? error = worse.Length == 0 ? null : string.Join(Environment.NewLine, worse);
        int exitCode = Report.Print(json, comparison, static c => c.Print(), error is null ? ExitCode.Well : ExitCode.Failed, error);
        if (error is not null)
        {
            Failure.TellOnStandardError(error);
        }

        return exitCode;
    }
}
