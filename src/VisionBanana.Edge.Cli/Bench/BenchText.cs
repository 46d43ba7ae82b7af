using System.Globalization;
using Spectre.Console;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>A report for people: tables, and the row for a README.</summary>
internal static class BenchText
{
    /// <summary>Prints everything.</summary>
    public static void Print(BenchReport report)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Model.Name} {report.Model.Version} ({report.Model.Sha256[..12]}…) on "
            + $"{report.Model.Provider}: {report.Model.Execution}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Machine.Device}, {report.Machine.Processors} "
            + $"processors{(report.Machine.Gpu is { } gpu ? $", {gpu}" : "")}, power mode {report.Machine.PowerMode ?? "unknown"}, load "
                + $"{report.Machine.LoadBefore:0.0} before and {report.Machine.LoadAfter:0.0} after"));
        Console.WriteLine(report.Pictures);
        var stages = new Table().AddColumns("ms", "median", "p10", "p90", "min", "runs");
        Add(stages, "model alone", report.ModelMs);
        foreach (string stage in (string[])["rectify", "paint", "decode", "resample", "cloud", "encode"])
        {
            if (report.StagesMs.TryGetValue(stage, out Spread? spread))
            {
                Add(stages, stage, spread);
            }
        }

        Add(stages, "picture → percepts", report.PipelineMs);
        AnsiConsole.Write(stages);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the model takes {report.ModelMemoryMib:0} MiB at its peak"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pipeline over model {report.PipelineOverModel:0.000}, with all messages encoded "
            + $"{report.MessagesOverModel:0.000}; {report.AllocatedBytesPerFrame:0} managed bytes per picture"));

        var flows = new Table().AddColumns(
            "input", "sent", "missed", "frames/s", "first sent → received ms", "last ms", "median ms", "jitter max ms", "mean", "std", "CPU %", "GPU %");
        foreach (Flow flow in report.Flows)
        {
            flows.AddRow(
                flow.Name, Number(flow.NumFramesSent, "0"), Number(flow.NumMissedFrames, "0"), Number(flow.MeanFrameRate, "0.0"),
                Number(flow.FirstSentReceivedLatencyMs, "0.0"), Number(flow.LastSentReceivedLatencyMs, "0.0"), Number(flow.LatencyMs.Median, "0.0"),
                Number(flow.MaxJitterMs, "0.00"), Number(flow.MeanJitterMs, "0.00"),
                Number(flow.StdDevJitterMs, "0.00"), Number(flow.CpuPercent, "0"), Number(flow.GpuPercent, "0"));
        }

        AnsiConsole.Write(flows);
        Console.WriteLine($"stages {(report.Overlap ? "beside each other" : "one after the other")} (painter.overlap)");
        var transports = new Table().AddColumns("transport", "managed bytes per picture", "frames/s", "send p50 ms", "p95 ms");
        foreach (TransportCost cost in report.Transports)
        {
            transports.AddRow(
                cost.Name, Number(cost.AllocatedBytesPerFrame, "0"), Number(cost.MeanFrameRate, "0.0"), Number(cost.SendMs[0], "0.00"),
                Number(cost.SendMs[1], "0.00"));
        }

        AnsiConsole.Write(transports);
        Markdown(report);
    }

    /// <summary>Prints the row for a README with its head.</summary>
    public static void Markdown(BenchReport report)
    {
        Flow flatOut = report.Flows[^1];
        Console.WriteLine(
            "| model | device | provider | model ms | picture → percepts ms | pipeline over model | frames/s flat out | bytes per picture | date |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|---:|---|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {report.Model.Name} {report.Model.Version} | {report.Machine.Device}, "
            + $"{report.Machine.Processors} processors{(report.Machine.Gpu is { } gpu ? $", {gpu}" : "")} | {report.Model.Provider} | "
                + $"{report.ModelMs.Median:0.00} | {report.PipelineMs.Median:0.00} | {report.PipelineOverModel:0.00} | {flatOut.MeanFrameRate:0.0} | "
                    + $"{report.AllocatedBytesPerFrame:0} | {report.Date[..10]} |"));
    }

    private static void Add(Table table, string name, Spread spread) => table.AddRow(
        name, Number(spread.Median, "0.000"), Number(spread.P10, "0.000"), Number(spread.P90, "0.000"), Number(spread.Min, "0.000"), Number(spread.Runs, "0"));

    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";
}
