using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VisionBanana.Edge.Configuration;

/// <summary>Opens YAML files for strict reading, within bounds of size and depth.</summary>
public static class YamlFile
{
    /// <summary>The most bytes that a file may have.</summary>
    public const int LargestFile = 8 << 20;

    /// <summary>Reads the file and returns its root mapping.</summary>
    /// <exception cref="ConfigurationException">The file is missing, is not YAML, is larger or deeper than is sound, or its root is no mapping.</exception>
    public static YamlSection Load(string path) => Parse(Decode(ReadBytes(path)), path);

    /// <summary>Reads YAML text; <paramref name="name"/> is what problems call it.</summary>
    /// <exception cref="ConfigurationException">The text is not YAML, is larger or deeper than is sound, or its root is no mapping.</exception>
    public static YamlSection Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LargestFile)
        {
            throw Refused(name, $"is longer than {LargestFile >> 20} MiB");
        }

        // OpenCV's YAML dialect starts with "%YAML:1.0", which is not YAML.
        return Load(new Parser(new StringReader(text.StartsWith("%YAML:", StringComparison.Ordinal) ? "#" + text : text)), name, "YAML");
    }

    /// <summary>Builds sections from the events of any parser: other kinds of files are read as strictly as YAML.</summary>
    /// <exception cref="ConfigurationException">The parser found its file wrong, too deep or too large, or without a mapping at its top.</exception>
    internal static YamlSection Load(IParser parser, string name, string language)
    {
        var problems = new ProblemList(name);
        var stream = new YamlStream();
        try
        {
            stream.Load(new BoundedParser(parser));
        }
        catch (YamlException e)
        {
            problems.Add(e.Start, $"is not valid {language}: {e.InnerException?.Message ?? e.Message}");
            throw new ConfigurationException(problems.Problems);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser's own slips on damaged text (an impossible escape, a tag without a name) are the file's fault.
            throw Refused(name, $"is not valid {language}: {e.Message}");
        }

        if (stream.Documents is [{ RootNode: YamlMappingNode root }, ..])
        {
            return new YamlSection(root, "", problems);
        }

        throw Refused(name, "expected a mapping of keys at the top of the file, found something else");
    }

    /// <summary>The bytes of a file that is not larger than <see cref="LargestFile"/>.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read or is larger.</exception>
    internal static byte[] ReadBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.SequentialScan);
            using var bytes = new MemoryStream();
            byte[] block = new byte[1 << 16];

            // The length of a pipe or device is not known before: what is read counts.
            for (int read = file.Read(block); read > 0; read = file.Read(block))
            {
                bytes.Write(block, 0, read);
                if (bytes.Length > LargestFile)
                {
                    throw Refused(path, $"is larger than {LargestFile >> 20} MiB");
                }
            }

            return bytes.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw Refused(path, $"cannot be read: {e.Message}");
        }
    }

    /// <summary>Text of bytes in UTF-8, or in UTF-16 when their first two say so.</summary>
    internal static string Decode(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static ConfigurationException Refused(string name, string message)
    {
        var problems = new ProblemList(name);
        problems.Add(message);
        return new ConfigurationException(problems.Problems);
    }
}
