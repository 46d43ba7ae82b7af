using System.CommandLine;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge model list|verify|inspect</c>.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Lists, verifies and inspects model packages.")
    {
        List(),
        Verify(),
        Inspect(),
    };

    private static Command List()
    {
        var folder = new Argument<DirectoryInfo?>("folder")
        {
            Description = "The folder of packages; default: the bundled ones.",
            Arity = ArgumentArity.ZeroOrOne
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "Lists the packages of a folder.") { folder, json };
        command.SetAction(parsed =>
        {
            IReadOnlyList<ModelListing> models = ModelPackage.List(parsed.GetValue(folder)?.FullName ?? BundledModels.Folder);
            string[] problems = [.. models.Where(m => m.Problem is not null).Select(m => $"{m.ManifestPath}: {m.Problem}")];
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    Models = models.Select(m => new
                    {
                        m.Manifest?.Name,
                        m.Manifest?.Version,
                        Licence = m.Manifest?.Licence,
                        m.Manifest?.Description,
                        Path = m.ManifestPath,
                        m.Problem,
                    }),
                },
                _ => Print(models), problems.Length == 0 ? ExitCode.Well : ExitCode.Failed,
                problems.Length == 0 ? null : string.Join(Environment.NewLine, problems));
        });
        return command;
    }

    private static void Print(IReadOnlyList<ModelListing> models)
    {
        foreach (ModelListing model in models)
        {
            Console.WriteLine(model.Manifest is { } manifest
                ? $"{manifest.Name} {manifest.Version}  {manifest.Input.Width}×{manifest.Input.Height}  {manifest.Licence}  {manifest.Description}"
                : $"{model.ManifestPath}: {model.Problem}");
        }
    }

    private static Command Verify()
    {
        Argument<string> model = ModelArgument();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("verify", "Checks manifest, hashes and graphs of a package.") { model, json };
        command.SetAction(parsed =>
        {
            ModelVerification check = ModelPackage.Verify(parsed.GetValue(model)!);
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    Path = check.ManifestPath,
                    Good = check.IsGood,
                    Files = check.Files.Select(f => new { f.File.Path, f.Bytes, ExpectedSha256 = f.File.Sha256, f.FoundSha256, f.Problems }),
                    Problems = check.Problems,
                },
                _ => Print(check), check.IsGood ? ExitCode.Well : ExitCode.Failed,
                check.IsGood ? null : string.Join(Environment.NewLine, check.Problems));
        });
        return command;
    }

    private static void Print(ModelVerification check)
    {
        foreach (ModelFileCheck file in check.Files.Where(f => f.Problems.Count == 0))
        {
            Console.WriteLine($"{file.File.Path}: well, {file.Bytes} bytes, SHA-256 {file.FoundSha256}");
        }

        foreach (string problem in check.Problems)
        {
            Console.Error.WriteLine($"vbedge: {problem}");
        }
    }

    private static Command Inspect()
    {
        Argument<string> model = ModelArgument();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("inspect", "Shows what a package is: inputs, outputs, classes, instructions.") { model, json };
        command.SetAction(parsed =>
        {
            ModelSummary summary = ModelPackage.Open(parsed.GetValue(model)!).Inspect();
            ModelManifest manifest = summary.Manifest;
            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    manifest.Name,
                    manifest.Version,
                    manifest.Licence,
                    manifest.Description,
                    manifest.Input,
                    manifest.Camera,
                    manifest.Output,
                    Graphs = summary.Graphs.Select(g => new
                    {
                        g.File.Path,
                        g.Bytes,
                        g.Opset,
                        g.Producer,
                        g.Nodes,
                        g.Parameters,
                        Inputs = g.Inputs.Select(i => i.ToString()),
                        Outputs = g.Outputs.Select(o => o.ToString()),
                    }),
                    summary.Kinds,
                    Instructions = summary.SampleInstructions,
                    Classes = manifest.Classes.Select(c => new { c.Id, c.Name, Colour = c.Colour.ToString() }),
                },
                _ => Print(summary));
        });
        return command;
    }

    private static void Print(ModelSummary summary)
    {
        ModelManifest manifest = summary.Manifest;
        Console.WriteLine($"{manifest.Name} {manifest.Version} ({manifest.Licence}): {manifest.Description}");
        foreach (ModelGraphSummary graph in summary.Graphs)
        {
            Console.WriteLine($"  {graph.File.Path}: {graph.Bytes} bytes, {graph.Parameters} parameters, {graph.Nodes} nodes, opset {graph.Opset}, "
                + $"{graph.Producer}");
            Console.WriteLine($"    in   {string.Join("  ", graph.Inputs)}");
            Console.WriteLine($"    out  {string.Join("  ", graph.Outputs)}");
        }

        Console.WriteLine($"  classes: {string.Join(", ", manifest.Classes.Select(c => $"{c.Id} {c.Name} {c.Colour}"))}");
        foreach (string prompt in summary.SampleInstructions)
        {
            Console.WriteLine($"  answers: {prompt}");
        }
    }

    private static Argument<string> ModelArgument()
    {
        var model = new Argument<string>("model") { Description = "A folder with model.yaml, the model.yaml, or the name of a bundled model." };
        return model;
    }
}
