using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace VisionBanana.Edge.Configuration;

/// <summary>Reads matrices in the ways that calibrators write them.</summary>
internal static class YamlMatrix
{
    private const int LargestCount = 4096;

    /// <summary>
    /// The finite numbers of a matrix, row by row: a section with rows, cols and data, a list, a list of rows, or numbers with blanks
    /// between them. Empty after a problem, or when it is left out.
    /// </summary>
    /// <param name="section">Where it stands.</param>
    /// <param name="key">Its key.</param>
    /// <param name="rows">How many rows it must have; null = any.</param>
    /// <param name="columns">How many columns it must have; null = any.</param>
    /// <param name="required">Whether its absence is a problem.</param>
    public static double[] Matrix(this YamlSection section, string key, int? rows = null, int? columns = null, bool required = true)
    {
        YamlNode? node = section.Node(key);
        if (node is null or YamlScalarNode { Value: null or "" })
        {
            if (required)
            {
                section.Problem(key, $"missing; expected {Shape(rows, columns)}");
            }

            return [];
        }

        return node is YamlMappingNode mapping ? OfSection(section.At(mapping, key), section, key, rows, columns) : Flat(section, key, node, rows * columns);
    }

    private static double[] OfSection(YamlSection inner, YamlSection section, string key, int? rows, int? columns)
    {
        int? foundRows = inner.OptionalInt("rows", 0, LargestCount), foundColumns = inner.OptionalInt("cols", 0, LargestCount);
        foreach (string known in (string[])["dt", "type_id"])
        {
            inner.OptionalString(known);
        }

        if (inner.Node("data") is not { } data)
        {
            inner.Problem("data", "missing; expected a list of numbers");
            return [];
        }

        double[] values = Flat(inner, "data", data, rows * columns);
        inner.RefuseUnknownKeys();
        if (foundRows is { } r && foundColumns is { } c && values.Length > 0
            && ((rows is not null && r != rows) || (columns is not null && c != columns) || (long)r * c != values.Length))
        {
            section.Problem(key, rows is null ? $"rows × cols is {r}×{c}, data has {values.Length} numbers" : $"expected {rows}×{columns}, found {r}×{c}");
        }

        return values;
    }

    private static double[] Flat(YamlSection section, string key, YamlNode node, int? count)
    {
        var values = new List<double>();
        if (!Collect(section, key, node, values))
        {
            return [];
        }

        if (count is { } expected && values.Count != expected)
        {
            section.Problem(key, $"expected {expected} numbers, found {values.Count}");
            return [];
        }

        return [.. values];
    }

    private static bool Collect(YamlSection section, string key, YamlNode node, List<double> values)
    {
        switch (node)
        {
            case YamlSequenceNode list:
                bool good = true;
                foreach (YamlNode item in list.Children)
                {
                    good &= Collect(section, key, item, values);
                }

                return good;
            case YamlScalarNode { Value: { } text }:
                foreach (string word in text.Split((char[])[' ', '\t', '\n', '\r', ','], StringSplitOptions.RemoveEmptyEntries))
                {
                    if (!YamlSection.TryDouble(word, out double value) || !double.IsFinite(value) || values.Count == LargestCount)
                    {
                        string name = section.Path.Length == 0 ? key : $"{section.Path}.{key}";
                        string found = YamlSection.Describe(new YamlScalarNode(word));
                        section.Problems.Add(
                            node.Start, string.Create(CultureInfo.InvariantCulture, $"{name}[{values.Count}]: expected a finite number, found {found}"));
                        return false;
                    }

                    values.Add(value);
                }

                return true;
            default:
                section.Problem(key, $"expected a list of numbers, found {YamlSection.Describe(node)}");
                return false;
        }
    }

    private static string Shape(int? rows, int? columns) => rows is null || columns is null ? "a list of numbers" : $"a matrix of {rows}×{columns} numbers";
}
