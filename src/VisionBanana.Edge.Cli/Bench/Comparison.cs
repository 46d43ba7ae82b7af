using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using VisionBanana.Edge.Cli.Shell;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>Two reports side by side.</summary>
/// <param name="Differences">What is not the same of machine, model and pictures: reasons to doubt the comparison.</param>
/// <param name="Rows">What was measured in both.</param>
internal sealed record Comparison(IReadOnlyList<string> Differences, IReadOnlyList<Comparison.Row> Rows)
{
    /// <summary>One number of both reports.</summary>
    /// <param name="Metric">Its name.</param>
    /// <param name="A">In the first report.</param>
    /// <param name="B">In the second.</param>
    /// <param name="Slower">How many times worse the second is; below 1 = better.</param>
    internal sealed record Row(string Metric, double A, double B, double Slower);

    /// <summary>Reads both files.</summary>
    /// <exception cref="ConfigurationException">One is missing, or no report.</exception>
    public static Comparison Read(string fileA, string fileB) => Of(Load(fileA), Load(fileB));

    /// <summary>Compares two reports.</summary>
    public static Comparison Of(BenchReport a, BenchReport b)
    {
        var differences = new List<string>();
        Differ("device", a.Machine.Device, b.Machine.Device);
        Differ("processors", a.Machine.Processors, b.Machine.Processors);
        Differ("gpu", a.Machine.Gpu, b.Machine.Gpu);
        Differ("power mode", a.Machine.PowerMode, b.Machine.PowerMode);
        Differ("model", $"{a.Model.Name} {a.Model.Version}", $"{b.Model.Name} {b.Model.Version}");
        Differ("model sha-256", a.Model.Sha256, b.Model.Sha256);
        Differ("provider", a.Model.Provider, b.Model.Provider);
        Differ("execution", a.Model.Execution, b.Model.Execution);
        Differ("pictures", a.Pictures, b.Pictures);
        Differ("instructions", string.Join("; ", a.Instructions), string.Join("; ", b.Instructions));
        Differ("overlap", a.Overlap, b.Overlap);
        foreach ((string name, string version) in a.Machine.Versions)
        {
            Differ(name, version, b.Machine.Versions.GetValueOrDefault(name));
        }

        var rows = new List<Row>();
        Compare("model_ms", a.ModelMs.Median, b.ModelMs.Median);
        Compare("model_memory_mib", a.ModelMemoryMib, b.ModelMemoryMib);
        foreach ((string stage, Spread spread) in a.StagesMs)
        {
            if (b.StagesMs.TryGetValue(stage, out Spread? other))
            {
                Compare($"{stage}_ms", spread.Median, other.Median);
            }
        }

        Compare("pipeline_ms", a.PipelineMs.Median, b.PipelineMs.Median);
        Compare("pipeline_over_model", a.PipelineOverModel, b.PipelineOverModel);
        Compare("messages_over_model", a.MessagesOverModel, b.MessagesOverModel);
        Compare("allocated_bytes_per_frame", a.AllocatedBytesPerFrame, b.AllocatedBytesPerFrame);
        foreach (Flow flow in a.Flows)
        {
            if (b.Flows.FirstOrDefault(f => f.Name == flow.Name) is { } other)
            {
                CompareRate($"{flow.Name}: mean_frame_rate", flow.MeanFrameRate, other.MeanFrameRate);
                Compare($"{flow.Name}: latency_ms", flow.LatencyMs.Median, other.LatencyMs.Median);
                Compare($"{flow.Name}: std_dev_jitter_ms", flow.StdDevJitterMs, other.StdDevJitterMs);
                Compare($"{flow.Name}: cpu_percent", flow.CpuPercent, other.CpuPercent);
            }
        }

        return new Comparison(differences, rows);

        void Differ<T>(string what, T one, T two)
        {
            if (!Equals(one, two))
            {
                differences.Add($"{what}: {one?.ToString() ?? "unknown"} | {two?.ToString() ?? "unknown"}");
            }
        }

        void Compare(string metric, double one, double two) => rows.Add(new Row(metric, one, two, one.Equals(two) ? 1 : two / one));
        void CompareRate(string metric, double one, double two) => rows.Add(new Row(metric, one, two, one.Equals(two) ? 1 : one / two));
    }

    /// <summary>Prints it for people.</summary>
    public void Print()
    {
        foreach (string difference in Differences)
        {
            Console.WriteLine($"differs: {difference}");
        }

        var table = new Table().AddColumns("metric", "A", "B", "B is slower by");
        foreach (Row row in Rows)
        {
            table.AddRow(Markup.Escape(row.Metric), Number(row.A), Number(row.B), Number(row.Slower));
        }

        AnsiConsole.Write(table);
    }

    private static BenchReport Load(string path)
    {
        const string Expected = "expected a report that 'vbedge bench --json' wrote";
        try
        {
            BenchReport report = Json.Read<BenchReport>(File.ReadAllText(path)) ?? throw new ConfigurationException($"{path}: {Expected}, found null.");
            return report.Schema == BenchReport.CurrentSchema
                ? report
                : throw new ConfigurationException(
                    $"{path}: {Expected} of schema {BenchReport.CurrentSchema}, found schema {report.Schema}: measure again with this version.");
        }
        catch (JsonException e)
        {
            throw new ConfigurationException($"{path}: {Expected}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path}: {Expected}: {e.Message}", e);
        }
    }

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("0.###", CultureInfo.InvariantCulture) : "–";
}
