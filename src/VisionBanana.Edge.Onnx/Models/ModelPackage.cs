using System.Collections.Immutable;
using System.Security.Cryptography;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// A folder with a <c>model.yaml</c> and the graphs it names, opened: manifest read, hashes checked, graphs held against the manifest. No inference engine is
/// needed for that.
/// </summary>
public sealed class ModelPackage
{
    private readonly ImmutableArray<ModelGraphSummary> _graphs;

    private ModelPackage(string manifestPath, ModelManifest manifest, ImmutableArray<ModelGraphSummary> graphs)
    {
        ManifestPath = manifestPath;
        Manifest = manifest;
        _graphs = graphs;
        Kinds = KindsOf(manifest);
    }

    /// <summary>The manifest's path.</summary>
    public string ManifestPath { get; }

    /// <summary>What the manifest says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The instructions the model answers, by kind.</summary>
    public ImmutableArray<PerceptKind> Kinds { get; }

    /// <summary>Opens a package and checks all of it.</summary>
    /// <param name="folderOrYaml">The package's folder, its manifest, or the name of one that is bundled with the program, e.g. <c>painter-s</c>.</param>
    /// <exception cref="ConfigurationException">There is none, or its manifest is wrong: every problem with line and column.</exception>
    /// <exception cref="ModelContractException">A file is missing, changed or not what the manifest says: every contradiction.</exception>
    public static ModelPackage Open(string folderOrYaml)
    {
        string path = ManifestPathOf(folderOrYaml);
        ModelManifest manifest = ModelManifest.Load(path);
        var graphs = ImmutableArray.CreateBuilder<ModelGraphSummary>();
        var problems = new List<string>();
        foreach (ModelFile file in manifest.Files)
        {
            problems.AddRange(CheckFile(path, manifest, file, out ModelGraphSummary? graph).Problems);
            if (graph is not null)
            {
                graphs.Add(graph);
            }
        }

        return problems.Count == 0 ? new ModelPackage(path, manifest, graphs.ToImmutable()) : throw Contradiction(path, problems);
    }

    /// <summary>Checks a package and returns what was found instead of throwing.</summary>
    public static ModelVerification Verify(string folderOrYaml)
    {
        string path = ManifestPathOf(folderOrYaml);
        try
        {
            var manifest = ModelManifest.Load(path);
            return new ModelVerification(path, manifest, [.. manifest.Files.Select(f => CheckFile(path, manifest, f, out _))], []);
        }
        catch (ConfigurationException e)
        {
            return new ModelVerification(path, null, [], [.. e.Problems.Select(p => p.ToString())]);
        }
    }

    /// <summary>The packages in the subfolders of a folder, by path; an absent folder holds none.</summary>
    public static IReadOnlyList<ModelListing> List(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var listings = new List<ModelListing>();
        foreach (string package in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
        {
            string path = Path.Combine(package, ModelManifest.FileName);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                listings.Add(new ModelListing(path, ModelManifest.Load(path), null));
            }
            catch (ConfigurationException e)
            {
                listings.Add(new ModelListing(path, null, e.Message));
            }
        }

        return listings;
    }

    /// <summary>Everything worth telling about the package.</summary>
    public ModelSummary Inspect() => new(Manifest, _graphs, Kinds, [.. Kinds.Select(kind => TaskForms.Of(kind).Sample(Manifest).Prompt)]);

    /// <summary>The path of a file of the package.</summary>
    public string PathOf(ModelFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return FilePath(ManifestPath, file);
    }

    /// <summary>The file to run in a precision, or the first choice (fp32, else the first listed) when none is asked for.</summary>
    /// <exception cref="ConfigurationException">The package has no file of this precision.</exception>
    public ModelFile FileFor(ModelPrecision? precision)
    {
        if (precision is { } asked)
        {
            return FileOf(asked) ?? throw new ConfigurationException(
                $"{Manifest.Name} has no {asked.Name()} file; it has {string.Join(", ", Manifest.Files.Select(f => f.Precision.Name()))}. Choose one of "
                    + $"these precisions.");
        }

        return FileOf(ModelPrecision.Fp32) ?? Manifest.Files[0];
    }

    /// <summary>The file of a precision, or null.</summary>
    internal ModelFile? FileOf(ModelPrecision precision) => Manifest.Files.FirstOrDefault(f => f.Precision == precision);

    /// <summary>Reads a file of the package and checks its hash again, on the very bytes that are handed out.</summary>
    internal byte[] ReadVerified(ModelFile file)
    {
        ModelFileCheck check = ReadAndHash(ManifestPath, file, out byte[] bytes);
        return check.Problems.Count == 0 ? bytes : throw Contradiction(ManifestPath, check.Problems);
    }

    internal static ModelContractException Contradiction(string path, IReadOnlyList<string> problems) =>
        new($"{path}: the package is not what its manifest says:{Environment.NewLine}{string.Join(Environment.NewLine, problems.Select(p => "  " + p))}");

    private static string ManifestPathOf(string folderOrYaml)
    {
        ArgumentException.ThrowIfNullOrEmpty(folderOrYaml);
        string path = BundledModels.Find(folderOrYaml);
        return Directory.Exists(path) ? Path.Combine(path, ModelManifest.FileName) : path;
    }

    private static string FilePath(string manifestPath, ModelFile file) =>
        Path.Combine(Path.GetDirectoryName(manifestPath) ?? "", file.Path);

    private static ModelFileCheck ReadAndHash(string manifestPath, ModelFile file, out byte[] bytes)
    {
        string path = FilePath(manifestPath, file);
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bytes = [];
            string remedy = e is FileNotFoundException or DirectoryNotFoundException
                ? "expected this file beside the manifest, found none; put it there (after a clone without large files: git lfs pull) or correct files.path"
                : $"cannot be read: {e.Message}";
            return new ModelFileCheck(file, 0, null, [$"{path}: {remedy}"]);
        }

        string found = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return found == file.Sha256
            ? new ModelFileCheck(file, bytes.Length, found, [])
            : new ModelFileCheck(
                file,
                bytes.Length,
                found,
                [$"{path}: the file was changed or damaged: expected SHA-256 {file.Sha256}, found {found} ({bytes.Length} bytes). It was not loaded. Fetch "
                    + $"the file again, or, if the new file is meant, write the new hash into {manifestPath}."]);
    }

    private static ModelFileCheck CheckFile(string manifestPath, ModelManifest manifest, ModelFile file, out ModelGraphSummary? summary)
    {
        summary = null;
        ModelFileCheck check = ReadAndHash(manifestPath, file, out byte[] bytes);
        if (check.Problems.Count > 0)
        {
            return check;
        }

        string path = FilePath(manifestPath, file);
        try
        {
            var graph = OnnxGraph.Read(bytes);
            summary = new ModelGraphSummary(
                file, bytes.Length, graph.Opset ?? 0, graph.Producer, graph.Nodes, graph.Parameters, graph.Inputs, graph.Outputs)
            {
                Operators = graph.Operators,
            };
            return check with { Problems = [.. GraphContract.Check(manifest, graph).Select(c => $"{path}: {c}")] };
        }
        catch (FormatException e)
        {
            return check with { Problems = [$"{path}: the file is no ONNX model ({e.Message}); export it again and write its hash into {manifestPath}"] };
        }
    }

    private static ImmutableArray<PerceptKind> KindsOf(ModelManifest manifest) => manifest.Output.Kind switch
    {
        OutputKind.MetricDepth or OutputKind.InverseDepth or OutputKind.PointMap => [PerceptKind.Depth],
        OutputKind.ClassLogits => [PerceptKind.Labels, PerceptKind.Mask],
        OutputKind.InstanceMasks => [PerceptKind.Instances],
        OutputKind.Painting => [.. TaskForms.All.Where(form => form.IsIn(manifest.Tasks)).Select(form => form.Kind)],
        var kind => throw new NotSupportedException($"What {kind} answers is missing in {nameof(ModelPackage)}."),
    };
}
