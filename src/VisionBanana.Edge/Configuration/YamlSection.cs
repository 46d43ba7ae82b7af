using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VisionBanana.Edge.Configuration;

/// <summary>
/// A mapping of a YAML file, read strictly: each key is asked for by name, wrong values become problems with line and column,
/// and <see cref="RefuseUnknownKeys"/> reports what nobody asked for. Reading goes on after a problem with a harmless value,
/// so that all problems of a file are found in one go. This and <see cref="YamlFile"/> alone know the YAML parser.
/// </summary>
public sealed class YamlSection
{
    private readonly YamlMappingNode _node;
    private readonly string _path;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    internal YamlSection(YamlMappingNode node, string path, ProblemList problems)
    {
        _node = node;
        _path = path;
        Problems = problems;
    }

    /// <summary>Where problems of this file are collected.</summary>
    public ProblemList Problems { get; }

    /// <summary>Path of this section from the root, e.g. <c>camera.source</c>; empty for the root.</summary>
    public string Path => _path;

    /// <summary>True when the key stands in the file.</summary>
    public bool Has(string key)
    {
        _asked.Add(key);
        return Child(key) is not null;
    }

    /// <summary>True when the key stands in the file; unlike <see cref="Has"/> this does not make it a known one.</summary>
    internal bool Holds(string key) => Child(key) is not null;

    /// <summary>What stands at a key, which becomes a known one; null when nothing does.</summary>
    internal YamlNode? Node(string key)
    {
        _asked.Add(key);
        return Child(key);
    }

    /// <summary>Some keys of this section as YAML text of their own, without those that do not stand here; empty when none does.</summary>
    internal string Excerpt(params ReadOnlySpan<string> keys)
    {
        var part = new YamlMappingNode();
        foreach (string key in keys)
        {
            if (Child(key) is { } node)
            {
                part.Add(key, node);
            }
        }

        if (part.Children.Count == 0)
        {
            return "";
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(part)).Save(text, assignAnchors: false);
        string written = text.ToString();
        const string End = "...\n";
        return written.EndsWith(End, StringComparison.Ordinal) ? written[..^End.Length] : written;
    }

    /// <summary>Forgets what was asked so far: looking what kind of file this is reads nothing of it.</summary>
    internal void AskAnew() => _asked.Clear();

    /// <summary>A section of this file at a node that another reader found.</summary>
    internal YamlSection At(YamlMappingNode node, string name) => new(node, Name(name), Problems);

    /// <summary>True when the key stands in the file with a plain value (text, number, switch), not a section or list.</summary>
    public bool IsScalar(string key)
    {
        _asked.Add(key);
        return Child(key) is YamlScalarNode;
    }

    /// <summary>Every key in the order of the file; marks them all as known (for free-form mappings).</summary>
    public IReadOnlyList<string> Keys()
    {
        string[] keys = [.. _node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "")];
        _asked.UnionWith(keys);
        return keys;
    }

    /// <summary>A text that must be there.</summary>
    public string RequireString(string key) => Scalar(key, required: true) ?? "";

    /// <summary>A text that may be left out.</summary>
    public string? OptionalString(string key) => Scalar(key, required: false);

    /// <summary>A whole number between bounds that must be there.</summary>
    public int RequireInt(string key, int min = int.MinValue, int max = int.MaxValue) => Int(key, min, max, required: true) ?? min;

    /// <summary>A whole number between bounds that may be left out.</summary>
    public int? OptionalInt(string key, int min = int.MinValue, int max = int.MaxValue) => Int(key, min, max, required: false);

    /// <summary>A number between bounds that must be there.</summary>
    public double RequireDouble(string key, double min = double.MinValue, double max = double.MaxValue) =>
        Double(key, min, max, required: true) ?? min;

    /// <summary>A number between bounds that may be left out.</summary>
    public double? OptionalDouble(string key, double min = double.MinValue, double max = double.MaxValue) =>
        Double(key, min, max, required: false);

    /// <summary>A switch that may be left out.</summary>
    public bool? OptionalBool(string key)
    {
        string? text = Scalar(key, required: false);
        switch (text)
        {
            case null:
                return null;
            case "true" or "True" or "TRUE":
                return true;
            case "false" or "False" or "FALSE":
                return false;
            default:
                Problem(key, $"expected true or false, found '{text}'");
                return null;
        }
    }

    /// <summary>One word of a list that must be there; returns its index.</summary>
    public int RequireOneOf(string key, params ReadOnlySpan<string> allowed) => OneOf(key, required: true, allowed) ?? 0;

    /// <summary>One word of a list that may be left out; returns its index or null.</summary>
    public int? OptionalOneOf(string key, params ReadOnlySpan<string> allowed) => OneOf(key, required: false, allowed);

    /// <summary>A list of numbers; a wrong length is a problem unless <paramref name="length"/> is null. Empty when left out or wrong.</summary>
    public double[] Doubles(string key, int? length = null, bool required = true)
    {
        if (Node<YamlSequenceNode>(key, required, "a list of numbers") is not { } list)
        {
            return [];
        }

        var values = new double[list.Children.Count];
        for (int i = 0; i < values.Length; i++)
        {
            if (list.Children[i] is not YamlScalarNode scalar || !TryDouble(scalar.Value, out values[i]))
            {
                Problems.Add(list.Children[i].Start, $"{Name(key)}[{i}]: expected a number, found {Describe(list.Children[i])}");
            }
        }

        if (length is { } expected && values.Length != expected)
        {
            Problem(key, $"expected {expected} numbers, found {values.Length}");
            return [];
        }

        return values;
    }

    /// <summary>A list of texts. Empty when left out or wrong.</summary>
    public IReadOnlyList<string> Strings(string key, bool required = true)
    {
        if (Node<YamlSequenceNode>(key, required, "a list") is not { } list)
        {
            return [];
        }

        var values = new List<string>(list.Children.Count);
        foreach (YamlNode item in list.Children)
        {
            if (item is YamlScalarNode { Value: { } text })
            {
                values.Add(text);
            }
            else
            {
                Problems.Add(item.Start, $"{Name(key)}: expected a text, found {Describe(item)}");
            }
        }

        return values;
    }

    /// <summary>A section that must be there; null after a problem.</summary>
    public YamlSection? RequireSection(string key) => Section(key, required: true);

    /// <summary>A section that may be left out.</summary>
    public YamlSection? OptionalSection(string key) => Section(key, required: false);

    /// <summary>A list of sections. Empty when left out or wrong.</summary>
    /// <param name="key">The list.</param>
    /// <param name="required">Whether it must be there.</param>
    /// <param name="shorthand">The key that an item sets which is a text alone, e.g. <c>ask</c> for <c>[depth]</c>; null = items are sections.</param>
    public IReadOnlyList<YamlSection> Sections(string key, bool required = true, string? shorthand = null)
    {
        if (Node<YamlSequenceNode>(key, required, "a list of sections") is not { } list)
        {
            return [];
        }

        var sections = new List<YamlSection>(list.Children.Count);
        for (int i = 0; i < list.Children.Count; i++)
        {
            if (list.Children[i] is YamlMappingNode mapping)
            {
                sections.Add(new YamlSection(mapping, $"{Name(key)}[{i}]", Problems));
            }
            else if (shorthand is not null && list.Children[i] is YamlScalarNode text)
            {
                sections.Add(new YamlSection(new YamlMappingNode(new YamlScalarNode(shorthand), text), $"{Name(key)}[{i}]", Problems));
            }
            else
            {
                Problems.Add(list.Children[i].Start, $"{Name(key)}[{i}]: expected a section with keys, found {Describe(list.Children[i])}");
            }
        }

        return sections;
    }

    /// <summary>
    /// Sections with names: a mapping of names to sections, or a list of sections that say their name themselves (key <c>name</c>). Empty when wrong. Their
    /// paths hold the name where there is one.
    /// </summary>
    /// <param name="key">The mapping or list, which must be there.</param>
    /// <returns>The name where the mapping gives it, else null; and the section.</returns>
    public IReadOnlyList<(string? Name, YamlSection Section)> NamedSections(string key)
    {
        if (Node(key) is not YamlMappingNode names)
        {
            return Child(key) is YamlSequenceNode list
                ? [.. Sections(key).Select(s => ((string?)null, s._node.Children.TryGetValue(new YamlScalarNode("name"), out YamlNode? name)
                    && name is YamlScalarNode { Value: { Length: > 0 } text } ? new YamlSection(s._node, $"{Name(key)}.{text}", Problems) : s))]
                : Missing();
        }

        var sections = new List<(string?, YamlSection)>();
        foreach ((YamlNode name, YamlNode value) in names.Children)
        {
            string text = (name as YamlScalarNode)?.Value ?? "";
            if (value is YamlMappingNode mapping)
            {
                sections.Add((text, new YamlSection(mapping, $"{Name(key)}.{text}", Problems)));
            }
            else
            {
                Problems.Add(value.Start, $"{Name(key)}.{text}: expected a section with keys, found {Describe(value)}");
            }
        }

        return sections;

        IReadOnlyList<(string?, YamlSection)> Missing()
        {
            Problem(key, $"expected a mapping of names to sections, or a list of sections, found {(Child(key) is { } other ? Describe(other) : "nothing")}");
            return [];
        }
    }

    /// <summary>Rows of a list of equally long number lists, e.g. a table of vectors. Empty when left out or wrong.</summary>
    public double[][] Rows(string key, int columns, bool required = true)
    {
        if (Node<YamlSequenceNode>(key, required, $"a list of rows of {columns} numbers") is not { } list)
        {
            return [];
        }

        var rows = new List<double[]>(list.Children.Count);
        foreach (YamlNode item in list.Children)
        {
            var row = new double[columns];
            bool good = item is YamlSequenceNode { Children.Count: var count } && count == columns;
            for (int i = 0; good && i < columns; i++)
            {
                good = ((YamlSequenceNode)item).Children[i] is YamlScalarNode scalar && TryDouble(scalar.Value, out row[i]);
            }

            if (good)
            {
                rows.Add(row);
            }
            else
            {
                Problems.Add(item.Start, $"{Name(key)}[{rows.Count}]: expected {columns} numbers, found {Describe(item)}");
            }
        }

        return [.. rows];
    }

    /// <summary>Reports a problem at a key (or at the section when the key is missing).</summary>
    public void Problem(string key, string message) => Problems.Add(Describe(key, message));

    /// <summary>A problem at a key that only turns out later, when what the file names was opened.</summary>
    public ConfigurationProblem Describe(string key, string message)
    {
        Mark place = (Child(key) ?? _node).Start;
        return new ConfigurationProblem(Problems.File, (int)place.Line, (int)place.Column, $"{Name(key)}: {message}");
    }

    /// <summary>Every key that nobody asked for so far.</summary>
    internal IReadOnlyList<string> Unknown() =>
        [.. _node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "").Where(k => !_asked.Contains(k))];

    /// <summary>Reports every key that nobody asked for, with the keys that are known here.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (YamlNode key in _node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_asked.Contains(name))
            {
                Problems.Add(key.Start, $"{Name(name)}: unknown key; known here: {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
            }
        }
    }

    internal static string Describe(YamlNode node) => node switch
    {
        YamlScalarNode { Value: { Length: > 80 } text } => $"'{text[..80]}…'",
        YamlScalarNode scalar => $"'{scalar.Value}'",
        YamlSequenceNode list => $"a list of {list.Children.Count}",
        _ => "a section with keys",
    };

    internal static bool TryDouble(string? text, out double value) => text switch
    {
        ".nan" or ".NaN" or ".NAN" => (value = double.NaN) is var _,
        ".inf" => (value = double.PositiveInfinity) is var _,
        "-.inf" => (value = double.NegativeInfinity) is var _,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value),
    };

    private string Name(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private YamlNode? Child(string key) => _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;

    private TNode? Node<TNode>(string key, bool required, string expected)
        where TNode : YamlNode
    {
        _asked.Add(key);
        switch (Child(key))
        {
            case null or YamlScalarNode { Value: null or "", Style: ScalarStyle.Plain }:
                if (required)
                {
                    Problem(key, $"missing; expected {expected}");
                }

                return null;
            case TNode node:
                return node;
            case { } other:
                Problem(key, $"expected {expected}, found {Describe(other)}");
                return null;
        }
    }

    private string? Scalar(string key, bool required) => Node<YamlScalarNode>(key, required, "a value") is { Value: { } text } node
        && !(text.Length == 0 && node.Style == ScalarStyle.Plain)
            ? text
            : null;

    private int? Int(string key, int min, int max, bool required)
    {
        if (Scalar(key, required) is not { } text)
        {
            return null;
        }

        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value))
        {
            Problem(key, $"expected a whole number, found '{text}'");
            return null;
        }

        if (value < min || value > max)
        {
            Problem(key, $"{value} is outside {Bounds(min == int.MinValue ? null : min, max == int.MaxValue ? null : max)}");
            return null;
        }

        return value;
    }

    private double? Double(string key, double min, double max, bool required)
    {
        if (Scalar(key, required) is not { } text)
        {
            return null;
        }

        if (!TryDouble(text, out double value) || double.IsNaN(value))
        {
            Problem(key, $"expected a number, found '{text}'");
            return null;
        }

        if (value < min || value > max)
        {
            FormattableString message =
                $"{value} is outside {Bounds(min == double.MinValue ? null : min, max == double.MaxValue ? null : max)}";
            Problem(key, message.ToString(CultureInfo.InvariantCulture));
            return null;
        }

        return value;
    }

    private static string Bounds(double? min, double? max) =>
        FormattableString.Invariant($"{min?.ToString(CultureInfo.InvariantCulture) ?? "…"} to {max?.ToString(CultureInfo.InvariantCulture) ?? "…"}");

    private int? OneOf(string key, bool required, ReadOnlySpan<string> allowed)
    {
        if (Scalar(key, required) is not { } text)
        {
            return null;
        }

        int index = allowed.IndexOf(text);
        if (index < 0)
        {
            Problem(key, $"expected one of {string.Join(", ", allowed!)}, found '{text}'");
            return null;
        }

        return index;
    }

    private YamlSection? Section(string key, bool required) =>
        Node<YamlMappingNode>(key, required, "a section with keys") is { } node ? new YamlSection(node, Name(key), Problems) : null;
}
