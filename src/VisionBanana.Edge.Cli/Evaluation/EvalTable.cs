using System.Globalization;
using Spectre.Console;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Figures for people: a row for each measure, a column for each dataset, and what a constant would have reached.</summary>
internal static class EvalTable
{
    public static Table Build(IReadOnlyList<EvalReport> reports)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumn(Markup.Escape(reports[0].Model));
        foreach (EvalReport report in reports)
        {
            table.AddColumn(Markup.Escape(report.Dataset));
        }

        void Row(string name, Func<EvalReport, string> text)
        {
            string[] cells = [.. reports.Select(text)];
            if (cells.Any(c => c.Length > 0))
            {
                table.AddRow([Markup.Escape(name), .. cells.Select(Markup.Escape)]);
            }
        }

        Row("pictures (skipped)", r => $"{r.Pictures} ({r.Skipped})");
        Row("told the painter", r => r.Geometry == GeometryUse.None ? "" : r.Geometry.ToString().ToLowerInvariant());
        Row("scale held against (pictures)", r => r.Anchors.Count == 0 ? "" : $"{string.Join(" ", r.Anchors)} ({r.Anchored})");
        Row("depth: AbsRel", r => Number(r.AbsRel));
        Row("  best constant", r => Beside(r.AbsRelBaseline, r.ConstantM, "m"));
        Row("  mean depth at each pixel", r => Number(r.AbsRelMeanDepth));
        Row("depth: δ1", r => Number(r.Delta1));
        Row("  best constant", r => Number(r.Delta1Baseline));
        Row("  mean depth at each pixel", r => Number(r.Delta1MeanDepth));
        Row("depth: RMSE", r => Number(r.Rmse, " m"));
        Row("median-aligned: AbsRel", r => Number(r.AbsRelAligned));
        Row("  its own constant", r => Number(r.AbsRelAlignedBaseline));
        Row("median-aligned: δ1", r => Number(r.Delta1Aligned));
        Row("  its own constant", r => Number(r.Delta1AlignedBaseline));
        Row("log scale ± spread", r => PlusMinus(r.LogScale, r.LogScaleSpread));
        Row("δ1 near edges (aligned)", r => Beside(r.Delta1Edges, r.Delta1EdgesAligned));
        Row("AbsRel of the surest 90 % (aligned)", r => Beside(r.AbsRelConfident90, r.AbsRelAlignedConfident90));
        Row("  the least wrong 90 % (aligned)", r => Beside(r.AbsRelBest90, r.AbsRelAlignedBest90));
        Row("confidence AUC (aligned)", r => Beside(r.ConfidenceAuc, r.ConfidenceAucAligned));
        Row("pixels with a depth", r => r.Coverage < 1 ? Number(r.Coverage) : "");
        Row("normals: mean", r => Number(r.NormalMeanDeg, "°"));
        Row("normals: median", r => Number(r.NormalMedianDeg, "°"));
        Row("normals within 22.5°", r => Number(r.NormalWithin22));
        Row("labels: mIoU", r => Number(r.Miou));
        foreach (string name in reports.SelectMany(r => r.Iou.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            Row($"  {name}", r => r.Iou.TryGetValue(name, out double iou) ? Number(iou) : "");
        }

        Row("objects: IoU", r => Number(r.ObjectIou));
        Row("instances: AP (at 0.5)", r => Beside(r.InstanceAp, r.InstanceAp50));
        foreach ((double factor, string mode) in reports.SelectMany(r => r.Zoom).Select(z => (z.Factor, z.Mode)).Distinct())
        {
            ZoomFigures? Of(EvalReport r) => r.Zoom.FirstOrDefault(z => z.Factor.Equals(factor) && z.Mode == mode);
            string title = string.Create(CultureInfo.InvariantCulture, $"zoom {factor:0.##}, {mode}");
            Row($"{title}: log ratio ± spread", r => Of(r) is { } z ? PlusMinus(z.LogRatioMedian, z.LogRatioSpread) : "");
            Row($"{title}: AbsRel (δ1)", r => Of(r) is { } z ? Beside(z.AbsRel, z.Delta1) : "");
        }

        Row("clip: spread of log scale (painted)", r => r.Sequence is { } s ? Beside(s.LogStd, s.LogStdPainted) : "");
        Row("clip: change per picture (painted)", r => r.Sequence is { } s ? Beside(s.Step, s.StepPainted) : "");
        Row("clip: scenes, lag in pictures", r => r.Sequence is { } s ? $"{s.Scenes}, {Number(s.LagPictures)}" : "");
        Row("flicker: std of log depth (p95)", r => r.Flicker is { } f ? Beside(f.LogStdMean, f.LogStdP95) + (f.Kind == "noise" ? ", noise" : "") : "");
        return table;
    }

    private static string Number(double value, string unit = "") => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) + unit : "";

    private static string Beside(double value, double other, string unit = "") =>
        Number(value) is { Length: > 0 } first ? Number(other) is { Length: > 0 } second
            ? $"{first} ({second}{(unit.Length > 0 ? " " + unit : "")})" : first : "";

    private static string PlusMinus(double value, double spread) =>
        double.IsFinite(value) ? string.Create(CultureInfo.InvariantCulture, $"{value:+0.000;−0.000;0.000} ± {spread:0.000}") : "";
}
