using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary><c>vbedge --version</c>: version, commit and the bundled models, so that a report says what ran.</summary>
internal sealed class ToolVersion : SynchronousCommandLineAction
{
    private static readonly string[] Parts =
        (typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+', 2);

    /// <summary>The version alone, e.g. <c>0.2.0</c>.</summary>
    public static string Number => Parts[0];

    /// <summary>The commit it was built from; null when it was built outside a repository.</summary>
    public static string? Commit => Parts.ElementAtOrDefault(1);

    /// <summary>Makes the option of a command say so.</summary>
    public static void Replace(RootCommand root) => root.Options.OfType<VersionOption>().Single().Action = new ToolVersion();

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Console.WriteLine($"vbedge {Number}, commit {Commit ?? "unknown"}");
        foreach (ModelListing model in ModelPackage.List(BundledModels.Folder).Where(m => m.Manifest is not null))
        {
            string files = string.Join(", ", model.Manifest!.Files.Select(f => $"{f.Precision.Name()} {f.Sha256[..12]}"));
            Console.WriteLine($"{model.Manifest.Name} {model.Manifest.Version}, {files}");
        }

        return ExitCode.Well;
    }
}
