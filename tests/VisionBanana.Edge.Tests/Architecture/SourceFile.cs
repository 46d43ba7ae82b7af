using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Tests.Architecture;

/// <summary>One C# file as text: its namespace, its using directives, the types that it declares and the names that it mentions.</summary>
internal sealed partial class SourceFile
{
    public SourceFile(string project, string path)
    {
        Path = System.IO.Path.GetRelativePath(project, path);
        string text = File.ReadAllText(path);
        string code = Strings().Replace(Comments().Replace(text, ""), "\"\"");
        Namespace = NamespaceLine().Match(text).Groups[1].Value;
        Usings = [.. UsingLines().Matches(text).Select(m => m.Groups[1].Value)];
        Types = [.. Declarations().Matches(code).Select(m => m.Groups[1].Value)];
        Names = [.. Identifiers().Matches(code).Select(m => m.Value), .. References().Matches(text).SelectMany(
            m => Identifiers().Matches(m.Groups[1].Value)).Select(m => m.Value)];
        Chains = [.. QualifiedNames().Matches(code).Select(m => m.Value)];
    }

    /// <summary>Relative to the project's folder.</summary>
    public string Path { get; }

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string Namespace { get; }

    public IReadOnlyList<string> Usings { get; }

    public IReadOnlyList<string> Types { get; }

    public HashSet<string> Names { get; }

    /// <summary>Names with dots in them, as <c>Recording.McapWriter</c>, also those of aliases and static uses.</summary>
    public HashSet<string> Chains { get; }

    /// <summary>The namespaces whose types can be named here without a qualifier: those that are used, its own and the parents of its own.</summary>
    public IEnumerable<string> Visible()
    {
        for (string own = Namespace; own.Length > 0; own = own[..Math.Max(own.LastIndexOf('.'), 0)])
        {
            yield return own;
        }

        foreach (string used in Usings)
        {
            yield return used;
        }
    }

    /// <summary>What is named with a qualifier: every way to read it as a namespace, whole or relative to our own, and a type in it.</summary>
    public IEnumerable<(string Namespace, string Type)> Qualified()
    {
        foreach (string[] parts in Chains.Select(chain => chain.Split('.')))
        {
            for (int i = 1; i < parts.Length; i++)
            {
                string space = string.Join('.', parts[..i]);
                yield return (space, parts[i]);
                for (string own = Namespace; own.Length > 0; own = own[..Math.Max(own.LastIndexOf('.'), 0)])
                {
                    yield return ($"{own}.{space}", parts[i]);
                }
            }
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^using (?:static |\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLines();

    [GeneratedRegex(
        @"^(?:public|internal|file)\s[\w ]*?\b(?:class|struct|interface|enum|record struct|record)\s+([A-Z]\w+)"
            + @"|^(?:public|internal) delegate [^\n(]*?\b([A-Z]\w+)(?:<[^>]*>)?\(",
        RegexOptions.Multiline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Identifiers();

    [GeneratedRegex(@"\b[A-Z]\w*(?:\.[A-Z]\w*)+")]
    private static partial Regex QualifiedNames();

    [GeneratedRegex(@"cref=""([^""]+)""")]
    private static partial Regex References();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"""(?:\\.|[^""\\\n])*""")]
    private static partial Regex Strings();
}
