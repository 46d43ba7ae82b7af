using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>http.yaml</c>: a painter behind a server, named where a model package may be named.</summary>
internal static class HttpPainterFile
{
    private const string FileName = "http.yaml";

    /// <summary>The file, when a path names one or a folder that holds one.</summary>
    public static string? Find(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        return Path.GetFileName(file) == FileName && File.Exists(file) ? file : null;
    }

    /// <summary>Reads the file and has a grey picture painted.</summary>
    /// <exception cref="ConfigurationException">The file is wrong; everything at once.</exception>
    /// <exception cref="InferenceException">The server does not answer as it must.</exception>
    public static HttpPainter Connect(string file)
    {
        var painter = new HttpPainter(Read(YamlFile.Load(file), Path.GetDirectoryName(file)!), new OpenCvImageEncoder(), new OpenCvImageDecoder());
        try
        {
            painter.Check();
            return painter;
        }
        catch
        {
            painter.Dispose();
            throw;
        }
    }

    /// <summary>Reads the file.</summary>
    public static HttpPainterOptions Read(YamlSection root, string folder = "")
    {
        string endpoint = root.RequireString("endpoint");
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            root.Problem("endpoint", $"expected an address like http://127.0.0.1:8000/paint, found '{endpoint}'");
            address = new Uri("http://127.0.0.1");
        }

        string? variable = root.OptionalString("token_variable");
        if (variable is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            root.Problem("token_variable", $"the environment variable {variable} is empty: put the token there");
        }

        var options = new HttpPainterOptions
        {
            Endpoint = address,
            Name = root.OptionalString("name") ?? "http",
            Version = root.OptionalString("version") ?? "unknown",
            Width = root.RequireInt("width", 8, 8192),
            Height = root.RequireInt("height", 8, 8192),
            HorizontalFovDegrees = root.OptionalDouble("hfov_deg", 5, 170),
            Timeout = TimeSpan.FromMilliseconds(root.OptionalInt("timeout_ms", 1, 3_600_000) ?? 60_000),
            BearerToken = variable is null ? null : Environment.GetEnvironmentVariable(variable),
            Classes = ReadClasses(root),
            Walk = ReadWalk(root),
            Known = ReadKnown(root.OptionalSection("check"), folder),
        };
        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
        return options;
    }

    private static DepthWalk ReadWalk(YamlSection root)
    {
        IReadOnlyList<string> colours = root.Strings("walk", required: false);
        double lambda = root.OptionalDouble("lambda", -100, -1) ?? DepthWalk.Paper.Lambda, c = root.OptionalDouble("c", 1e-3, 1e6) ?? DepthWalk.Paper.C;
        try
        {
            return new DepthWalk(colours.Count == 0 ? DepthWalk.Paper.Corners : [.. colours.Select(ColourText.Parse)], lambda, c);
        }
        catch (Exception e) when (e is InstructionFormatException or ConfigurationException)
        {
            root.Problem(colours.Count == 0 ? "lambda" : "walk", e.Message);
            return DepthWalk.Paper;
        }
    }

    private static KnownDistance? ReadKnown(YamlSection? check, string folder)
    {
        if (check is null)
        {
            return null;
        }

        string picture = check.RequireString("picture");
        double[] pixel = check.Doubles("pixel", 2);
        double distance = check.RequireDouble("distance_m", 0.01, 1000), tolerance = check.OptionalDouble("tolerance", 0.001, 10) ?? 0.25;
        check.RefuseUnknownKeys();
        return pixel.Length == 2 ? new KnownDistance(Path.Combine(folder, picture), (int)pixel[0], (int)pixel[1], distance, tolerance) : null;
    }

    private static LabelPalette ReadClasses(YamlSection root)
    {
        var classes = new List<LabelColour>();
        foreach (YamlSection section in root.Sections("classes", required: false))
        {
            string name = section.RequireString("name"), colour = section.RequireString("colour");
            section.RefuseUnknownKeys();
            try
            {
                var entry = new LabelColour(classes.Count, name, ColourText.Parse(colour));
                _ = new LabelPalette([.. classes, entry]);
                classes.Add(entry);
            }
            catch (Exception e) when (e is InstructionFormatException or ArgumentException)
            {
                section.Problem("colour", e.Message);
            }
        }

        return root.Problems.Problems.Count > 0 ? new LabelPalette([]) : new LabelPalette(classes);
    }
}
