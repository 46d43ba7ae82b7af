using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The files of the page, embedded in the program: what is not in this table does not exist, whatever a path says.</summary>
internal static class ViewPage
{
    private const string Prefix = "view/";

    private const string Missing = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>vbedge live view</title>
        <h1>The page of the live view was not built</h1>
        <p>Node.js with npm was missing, or npm failed, when vbedge was built. Install both (Debian: apt-get install nodejs npm) and build again:
        the build says what it did. Everything else of the run works; /healthz and /metrics are served.</p></html>
        """;

    private static readonly FrozenDictionary<string, ViewFile> Files = Load();

    /// <summary>False when the program was built without Node.js: then one page says so.</summary>
    public static bool IsBuilt => Files.ContainsKey("/");

    /// <summary>Names this build of the page: a page that was loaded from another one loads itself again.</summary>
    public static string Build { get; } = Hash([.. Files.OrderBy(f => f.Key, StringComparer.Ordinal).SelectMany(f => f.Value.Bytes)]);

    /// <summary>The file at a path, or null.</summary>
    public static ViewFile? Find(string path) =>
        Files.TryGetValue(path, out ViewFile? file) ? file
        : path == "/" ? new ViewFile(Encoding.UTF8.GetBytes(Missing), "text/html; charset=utf-8", "\"missing\"")
        : null;

    private static FrozenDictionary<string, ViewFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = new Dictionary<string, ViewFile>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string path = name[(Prefix.Length - 1)..];
            files[path == "/index.html" ? "/" : path] = new ViewFile(bytes, TypeOf(path), $"\"{Hash(bytes)}\"");
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8));
}
