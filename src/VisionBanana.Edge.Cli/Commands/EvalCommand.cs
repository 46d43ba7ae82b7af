using System.CommandLine;
using Spectre.Console;
using VisionBanana.Edge.Cli.Evaluation;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge eval</c>: how far a model is from the truth, on any dataset in the documented layout.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var datasets = new Argument<string[]>("dataset")
        {
            Description = "Folders with camera.yaml, rgb/, depth/ and optionally labels/, masks/, dataset.yaml.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        Option<double[]> zooms = OptionOf.Numbers(
            "--zoom", 0.1, 8, "", "2", "Shows every picture again at another focal length: above 1 a centre crop, below 1 scaled down. May be "
                + "repeated.", except: 1);
        var flicker = new Option<bool>("--flicker")
        {
            Description = "Measures how depth changes while nothing moves: over the pictures of a dataset that says 'static: true', else with noise on the "
                + "same picture.",
        };
        Option<string> geometry = OptionOf.Word(
            "--geometry", ["none", "up", "plane"], otherwise: "none",
            "What the painter is told of what dataset.yaml knows: none, up (gravity) or plane (gravity and height).");
        var anchors = new Option<string[]>("--anchor")
        {
            Description = $"Holds the scale against the dataset's own depth, with the noise of a sensor: {AnchorUse.Expected}. May be repeated; the pixels "
                + "that a reading comes from are not measured.",
            AllowMultipleArgumentsPerToken = false,
        };
        var sequence = new Option<bool>("--sequence")
        {
            Description = "The pictures of a dataset, in the order of their names, are a clip of 15 per second: the scale is steadied over it, and how "
                + "steady it is is measured.",
        };
        var meanDepth = new Option<FileInfo?>("--mean-depth")
        {
            Description = "A baseline: the training set's mean depth at each pixel, a 16-bit PNG in mm at the painter's size.",
        };
        var sheet = new Option<FileInfo?>("--sheet") { Description = "Writes the best, the median and the worst picture of each dataset here." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("eval", "Measures a model against true depth, labels and normals.")
        {
            datasets, model, precision, zooms, flicker, geometry, anchors, sequence, meanDepth, sheet, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var options = new EvalOptions
            {
                Zooms = parsed.GetValue(zooms) ?? [],
                Flicker = parsed.GetValue(flicker),
                Geometry = Enum.Parse<GeometryUse>(parsed.GetValue(geometry)!, ignoreCase: true),
                Anchors = AnchorsOf(parsed.GetValue(anchors) ?? []),
                IsSequence = parsed.GetValue(sequence),
                MeanDepth = parsed.GetValue(meanDepth) is { } file ? ReadMeanDepth(file.ToString()) : [],
            };
            IReadOnlyList<EvalReport> reports = Evaluate(
                parsed.GetValue(datasets)!, PainterChoice.Of(parsed.GetValue(model)),
                CommonOptions.With(new ExecutionOptions(), parsed.GetValue(precision)), options,
                parsed.GetValue(sheet)?.ToString(), cancellationToken);
            return Task.FromResult(Report.Print(
                parsed.GetValue(json), new { Datasets = reports }, static r => AnsiConsole.Write(EvalTable.Build(r.Datasets))));
        });
        return command;
    }

    private static List<EvalReport> Evaluate(
        IReadOnlyList<string> folders, PainterChoice choice, ExecutionOptions execution, EvalOptions options, string? sheetPath,
        CancellationToken cancellationToken)
    {
        using var progress = new ProgressLine();
        IReadOnlyList<Dataset> datasets = Dataset.Open(folders, file => progress.Show($"checking {file}"), cancellationToken);
        foreach (Dataset dataset in datasets)
        {
            CalibrationGate.Pass(dataset.Folder, dataset.Camera);
        }

        using IPainter painter = choice.Load(execution, cancellationToken: cancellationToken);
        RequireGeometry(datasets, choice.Package, options.Geometry);
        List<Evaluator> evaluators = [.. datasets.Select(d => new Evaluator(painter, d, options))];
        var sheet = new ContactSheet(painter.Description.Width, painter.Description.Height);
        var reports = new List<EvalReport>();
        foreach ((Dataset dataset, Evaluator evaluator) in datasets.Zip(evaluators))
        {
            foreach (string name in evaluator.UnknownClasses)
            {
                progress.Note($"{dataset.Folder}: {painter.Description.Name} has no class '{name}': its pixels are not measured");
            }

            EvalReport report = evaluator.Run(done => progress.Show($"{dataset.Name}: {done} of {dataset.Pictures.Count}"), cancellationToken);
            if (report.Pictures == 0)
            {
                throw new ConfigurationException(
                    $"{dataset.Folder}: nothing was measured: none of {report.Skipped} pictures has true depth in "
                    + FormattableString.Invariant($"{100 * Evaluator.LeastShare} % of its pixels between {dataset.Settings.MinDepthM} and ")
                    + FormattableString.Invariant($"{dataset.Settings.MaxDepthM} m: check depth_scale, min_depth_m, max_depth_m and masks.")
                    + (DepthScaleDoubt.OfNothing(dataset) is { } reason ? $" In particular: {reason}" : ""));
            }

            if (report.DepthScaleDoubt is { } doubt)
            {
                progress.Note($"warning: {dataset.Folder}: {doubt}");
            }

            reports.Add(report);
            if (sheetPath is not null)
            {
                EvalSheet.AddTo(sheet, evaluator, dataset.Name);
            }
        }

        if (sheetPath is not null)
        {
            sheet.Write(sheetPath);
        }

        return reports;
    }

    /// <summary>Asking for geometry that a dataset does not tell, or that the model does not take, would measure something else.</summary>
    private static void RequireGeometry(IEnumerable<Dataset> datasets, ModelPackage? package, GeometryUse use)
    {
        if (use == GeometryUse.None)
        {
            return;
        }

        var problems = new List<ConfigurationProblem>();
        if (package?.Manifest.Painter?.Geometry is null)
        {
            problems.Add(new ConfigurationProblem("--geometry", 0, 0, "the model has no geometry input (painter.geometry in its model.yaml)"));
        }

        foreach (Dataset dataset in datasets)
        {
            int without = dataset.Pictures.Count(p => p.Geometry is null || (use == GeometryUse.Plane && p.Geometry.HeightM is null));
            if (without > 0)
            {
                string key = use == GeometryUse.Plane ? "up and height_m" : "up";
                problems.Add(new ConfigurationProblem(
                    Path.Combine(dataset.Folder, DatasetSettings.FileName), 0, 0,
                    $"expected {key} for every picture (geometry: {{up: [x, y, z], height_m: …}}, or geometries), {without} of {dataset.Pictures.Count} have "
                        + "none"));
            }
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }
    }

    private static AnchorUse[] AnchorsOf(IReadOnlyList<string> words) =>
        [.. words.Select(word => AnchorUse.TryParse(word, out AnchorUse? use)
            ? use.Value
            : throw new ConfigurationException($"--anchor: expected {AnchorUse.Expected}, found '{word}'.")).Where(use => use.Kind != AnchorUseKind.None)];

    private static float[] ReadMeanDepth(string path) =>
        [.. PictureFile.ReadGrey(path, out _, out _).Select(mm => mm == 0 ? float.NaN : mm / 1000f)];
}
