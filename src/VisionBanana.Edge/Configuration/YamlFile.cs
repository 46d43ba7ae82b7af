using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VisionBanana.Edge.Configuration;

/// <summary>Opens YAML files for strict reading.</summary>
public static class YamlFile
{
    /// <summary>Reads the file and returns its root mapping.</summary>
    /// <exception cref="ConfigurationException">The file is missing, is not YAML, or its root is no mapping.</exception>
    public static YamlSection Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var problems = new ProblemList(path);
            problems.Add($"cannot be read: {e.Message}");
            throw new ConfigurationException(problems.Problems);
        }

        return Parse(text, path);
    }

    /// <summary>Reads YAML text; <paramref name="name"/> is what problems call it.</summary>
    /// <exception cref="ConfigurationException">The text is not YAML, or its root is no mapping.</exception>
    public static YamlSection Parse(string text, string name)
    {
        var problems = new ProblemList(name);
        var stream = new YamlStream();
        try
        {
            // OpenCV's YAML dialect starts with "%YAML:1.0", which is not YAML.
            stream.Load(new StringReader(text.StartsWith("%YAML:", StringComparison.Ordinal) ? "#" + text : text));
        }
        catch (YamlException e)
        {
            problems.Add(e.Start, $"is not valid YAML: {e.InnerException?.Message ?? e.Message}");
            throw new ConfigurationException(problems.Problems);
        }

        if (stream.Documents is [{ RootNode: YamlMappingNode root }, ..])
        {
            return new YamlSection(root, "", problems);
        }

        problems.Add("expected a mapping of keys at the top of the file, found something else");
        throw new ConfigurationException(problems.Problems);
    }
}
