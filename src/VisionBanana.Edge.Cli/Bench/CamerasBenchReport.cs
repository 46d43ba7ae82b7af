using System.Globalization;
using Spectre.Console;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>What <c>bench</c> found for a file of several cameras.</summary>
/// <param name="Machine">Where it ran.</param>
/// <param name="Model">Name and version of the model.</param>
/// <param name="Provider">What computed it.</param>
/// <param name="RateHz">The rate of every camera.</param>
/// <param name="Rows">1, 2, 4 … cameras.</param>
/// <param name="MibPerAddedCamera">By how many MiB resident memory grew with each camera from the first row to the last; NaN with one row.</param>
internal sealed record CamerasBenchReport(
    Machine Machine, string Model, string Provider, double RateHz, IReadOnlyList<CamerasBenchReport.Row> Rows, double MibPerAddedCamera)
{
    /// <summary>A number of cameras that ran together.</summary>
    /// <param name="Cameras">How many.</param>
    /// <param name="Flows">Each of them.</param>
    /// <param name="MinHz">The rate of the slowest.</param>
    /// <param name="MaxHz">The rate of the fastest.</param>
    /// <param name="Fairness">The fastest rate through the slowest: 1 = all alike.</param>
    /// <param name="LatencyMs">From capture to the last message, median of the slowest camera.</param>
    /// <param name="LatencyMsP90">The same, exceeded by a tenth of its pictures.</param>
    /// <param name="CpuPercent">Processor time of this process, 100 = all processors busy.</param>
    /// <param name="ResidentMib">Resident memory while they ran, after a collection.</param>
    /// <param name="BooksBalance">captured = published + Σ dropped, nothing in flight, for each.</param>
    internal sealed record Row(
        int Cameras, IReadOnlyList<Flow> Flows, double MinHz, double MaxHz, double Fairness, double LatencyMs, double LatencyMsP90, double CpuPercent,
        double ResidentMib, bool BooksBalance);

    /// <summary>Prints it for people.</summary>
    public void Print()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Model} on {Provider}, every camera at {RateHz:0.##} Hz, {Machine.Device}, "
            + $"{Machine.Processors} processors, load {Machine.LoadBefore:0.0} before and {Machine.LoadAfter:0.0} after"));
        var table = new Table().AddColumns("cameras", "slowest Hz", "fastest Hz", "max/min", "latency median ms", "p90 ms", "CPU %", "resident MiB", "books");
        foreach (Row row in Rows)
        {
            table.AddRow(
                Number(row.Cameras, "0"), Number(row.MinHz, "0.00"), Number(row.MaxHz, "0.00"), Number(row.Fairness, "0.000"), Number(row.LatencyMs, "0.0"),
                Number(row.LatencyMsP90, "0.0"), Number(row.CpuPercent, "0"), Number(row.ResidentMib, "0.0"), row.BooksBalance ? "balance" : "do not balance");
        }

        AnsiConsole.Write(table);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{MibPerAddedCamera:0.0} MiB for each added camera"));
    }

    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "–";
}
