using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>The table a person watches while the pipeline runs, and the summary at its end.</summary>
internal static class RunTable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Redraws until the run ends; on something that is no terminal it prints a line every five seconds.</summary>
    public static async Task WatchAsync(RobotRun robot, Task run)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            while (await Task.WhenAny(run, Task.Delay(PlainPeriod)).ConfigureAwait(false) != run)
            {
                foreach (CameraRun camera in robot.Cameras)
                {
                    AnsiConsole.WriteLine($"{(robot.Cameras.Count == 1 ? "" : $"{camera.Name}: ")}"
                        + (camera.Opened is { } opened ? Line(opened.Pipeline.Report()) : camera.State));
                }
            }

            return;
        }

        await AnsiConsole.Live(Build(robot)).AutoClear(true).StartAsync(async live =>
        {
            while (await Task.WhenAny(run, Task.Delay(Period)).ConfigureAwait(false) != run)
            {
                live.UpdateTarget(Build(robot));
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Prints how the run ended.</summary>
    public static void Summary(RobotRun robot) => AnsiConsole.Write(Build(robot));

    private static Rows Build(RobotRun robot) => robot.Cameras is [{ Opened: { } only }]
        ? Build(only.Pipeline)
        : new Rows(robot.Cameras.SelectMany(camera => new IRenderable[]
        {
            new Rule($"[bold]{Markup.Escape(camera.Name)}[/]").LeftJustified(),
            camera.Opened is { } opened ? Build(opened.Pipeline) : new Text(camera.State),
        }));

    private static Rows Build(PerceptionPipeline pipeline)
    {
        PipelineReport report = pipeline.Report();
        PainterDescription painter = pipeline.Painter;
        Table sinks = new Table().Border(TableBorder.Rounded)
            .AddColumns("sink", "captured", "published", "dropped", "in flight", "p50 ms", "p95 ms");
        var latencies = report.Latencies.ToDictionary(l => l.Key, l => l.Value);
        foreach (SinkFlow sink in report.Sinks)
        {
            LatencyHistogram? total = latencies.GetValueOrDefault($"capture_to_{sink.Name}");
            sinks.AddRow(
                Markup.Escape(sink.Name),
                Number(sink.Captured),
                Number(sink.Published),
                Markup.Escape(Drops(sink)),
                Number(sink.InFlight),
                Number(total?.PercentileMs(0.5) ?? double.NaN),
                Number(total?.PercentileMs(0.95) ?? double.NaN));
        }

        Table stages = new Table().Border(TableBorder.Rounded).AddColumns("stage", "p50 ms", "p95 ms", "p99 ms");
        foreach ((string name, LatencyHistogram stage) in report.Latencies.Where(l => !l.Key.StartsWith("capture_to_", StringComparison.Ordinal)))
        {
            stages.AddRow(Markup.Escape(name), Number(stage.PercentileMs(0.5)), Number(stage.PercentileMs(0.95)), Number(stage.PercentileMs(0.99)));
        }

        var head = new Markup(
            $"[bold]{Markup.Escape(pipeline.Source.Description)}[/] · {Markup.Escape(pipeline.Source.State)}\n" +
            $"{Markup.Escape(painter.Name)} {Markup.Escape(painter.Version)} in {Markup.Escape(painter.Precision ?? "?")} on "
                + $"[bold]{Markup.Escape(painter.Provider)}[/] · " +
            $"[bold]{Number(report.FramesPerSecond)}[/] frames/s · {report.Perceived} frames · " +
            $"{report.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s · {Number(report.AllocatedBytesPerFrame)} B allocated per frame");
        var states = new Text(string.Join('\n', report.Sinks.Select((s, i) => $"{s.Name}: {report.States[i]}")));
        return new Rows(head, states, sinks, stages);
    }

    private static string Line(PipelineReport report)
    {
        string sinks = string.Join("  ", report.Sinks.Select(s => $"{s.Name}: {s.Published} published, {Drops(s)} dropped"));
        return string.Create(CultureInfo.InvariantCulture, $"{report.Elapsed.TotalSeconds,6:0.0} s  {report.FramesPerSecond,6:0.0} frames/s  {sinks}");
    }

    private static string Drops(SinkFlow sink) =>
        sink.Dropped.Count == 0 ? "0" : string.Join(", ", sink.Dropped.Select(d => $"{d.Key} {d.Value}"));

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("0.##", CultureInfo.InvariantCulture);
}
