using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.KServe;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>kserve.yaml</c>: a model package whose graph an inference server runs, named where a model package may be named.</summary>
/// <param name="Options">The server.</param>
/// <param name="Package">The package: a path, or the name of a bundled one.</param>
/// <param name="Precision">Which of its graphs is served; null = its first choice.</param>
internal sealed record KServePainterFile(KServeOptions Options, string Package, ModelPrecision? Precision)
{
    private const string FileName = "kserve.yaml";

    /// <summary>The file, when a path names one or a folder that holds one.</summary>
    public static string? Find(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return Path.GetFileName(file) == FileName && File.Exists(file) ? file : null;
    }

    /// <summary>Reads the file, holds what the server runs against the package and has it run once.</summary>
    /// <exception cref="ConfigurationException">The file is wrong; everything at once.</exception>
    /// <exception cref="VisionBananaException">The package is wrong, or the server is not there or runs something else.</exception>
    public static ServedPainter Connect(string file)
    {
        KServePainterFile found = Read(YamlFile.Load(file), Path.GetDirectoryName(file)!);
        return ServedPainter.Connect(ModelPackage.Open(found.Package), new KServeGraph(found.Options), found.Precision);
    }

    /// <summary>Reads the file.</summary>
    public static KServePainterFile Read(YamlSection root, string folder = "")
    {
        string endpoint = root.RequireString("endpoint");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            root.Problem("endpoint", $"expected an address like http://127.0.0.1:8001, found '{endpoint}'");
            address = new Uri("http://127.0.0.1");
        }

        string? variable = root.OptionalString("token_variable");
        if (variable is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            root.Problem("token_variable", $"the environment variable {variable} is empty: put the token there");
        }

        string package = root.RequireString("package");
        package = package.AsSpan().ContainsAny('/', '\\', '.') ? Path.Combine(folder, package) : package;
        string? Resolve(string key) => root.OptionalString(key) is { } path ? Path.Combine(folder, path) : null;
        int? precision = root.OptionalOneOf("precision", "fp32", "fp16", "int8");
        var options = new KServeOptions
        {
            Endpoint = address,
            Model = root.RequireString("model"),
            ModelVersion = root.OptionalString("model_version") ?? "",
            Timeout = TimeSpan.FromMilliseconds(root.OptionalInt("timeout_ms", 1, 3_600_000) ?? 1000),
            ReadyTimeout = TimeSpan.FromMilliseconds(root.OptionalInt("ready_timeout_ms", 1, 3_600_000) ?? 30_000),
            CaFile = Resolve("ca_file"),
            CertificateFile = Resolve("certificate_file"),
            KeyFile = Resolve("key_file"),
            BearerToken = variable is null ? null : Environment.GetEnvironmentVariable(variable),
        };
        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        return new KServePainterFile(
            options, package, precision switch { 0 => ModelPrecision.Fp32, 1 => ModelPrecision.Fp16, 2 => ModelPrecision.Int8, _ => null });
    }
}
