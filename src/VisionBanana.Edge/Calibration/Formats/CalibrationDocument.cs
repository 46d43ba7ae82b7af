using System.Text.RegularExpressions;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// The content of a calibration file, parsed as far as it can be without knowing its format. Keys and values (YAML, JSON, XML, INI) become
/// <see cref="Root"/>, with the line and column of each; other text stays text.
/// </summary>
internal sealed partial class CalibrationDocument
{
    private CalibrationDocument(string path, byte[] bytes)
    {
        (Path, Bytes, Problems) = (path, bytes, new ProblemList(path));
        if (bytes is not [0xFF, 0xFE, ..] and not [0xFE, 0xFF, ..] && bytes.AsSpan().Contains((byte)0))
        {
            return;
        }

        Text = YamlFile.Decode(bytes);
        string start = Text.TrimStart();
        if (start.StartsWith('<'))
        {
            (Root, IsXml) = (YamlFile.Load(XmlEvents.Read(Text), path, "XML"), true);
        }
        else if (IniStart().IsMatch(Text))
        {
            (Root, IsIni) = (YamlFile.Load(IniEvents.Read(Text), path, "INI"), true);
        }
        else if (!ColmapLine().IsMatch(Text) && !MatlabLine().IsMatch(Text))
        {
            // JSON is YAML, but for tabs between its values.
            Root = YamlFile.Parse(start.StartsWith('{') ? Text.Replace('\t', ' ') : Text, path);
        }

        Problems = Root?.Problems ?? Problems;
    }

    /// <summary>The file as the user named it.</summary>
    public string Path { get; }

    /// <summary>All of it.</summary>
    public byte[] Bytes { get; }

    /// <summary>The text, or null for a binary file.</summary>
    public string? Text { get; }

    /// <summary>The keys and values, or null when the text has none.</summary>
    public YamlSection? Root { get; }

    /// <summary>True when the keys and values stood in XML.</summary>
    public bool IsXml { get; }

    /// <summary>True when the keys and values stood in sections with <c>key=value</c> lines.</summary>
    public bool IsIni { get; }

    /// <summary>True for what OpenCV's FileStorage wrote: its YAML dialect or its XML root.</summary>
    public bool IsFileStorage => IsXml || Text?.StartsWith("%YAML:", StringComparison.Ordinal) == true
        || Text?.Contains("opencv-matrix", StringComparison.Ordinal) == true;

    /// <summary>Where problems of this file are collected.</summary>
    public ProblemList Problems { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, is too large, or its language is broken.</exception>
    public static CalibrationDocument Open(string path) => new(path, YamlFile.ReadBytes(path));

    /// <summary>Reads what is in memory.</summary>
    /// <exception cref="ConfigurationException">It is too large, or its language is broken.</exception>
    public static CalibrationDocument Of(byte[] bytes, string name) => new(name, bytes);

    /// <summary>Every line that is no comment, with its number.</summary>
    public IEnumerable<(int Number, string Line)> Lines(char comment) => (Text ?? "").Split('\n')
        .Select((line, i) => (Number: i + 1, Line: line.Trim()))
        .Where(l => l.Line.Length > 0 && l.Line[0] != comment);

    [GeneratedRegex(@"\A(\s*([#;][^\n]*)?\n)*\s*\[[A-Za-z][\w .-]*\][ \t]*\r?\n", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IniStart();

    [GeneratedRegex(@"\A\s*(#[^\n]*\n\s*)*\d+[ \t]+[A-Z][A-Z0-9_]+[ \t]+\d+[ \t]+\d+[ \t]+[-+.\d]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ColmapLine();

    [GeneratedRegex(
        @"^[ \t]*((fc|cc|kc)[ \t]*=[ \t]*\[|(FocalLength|PrincipalPoint)[ \t]*[:=][ \t]*\[)", RegexOptions.CultureInvariant | RegexOptions.Multiline, 1000)]
    private static partial Regex MatlabLine();
}
