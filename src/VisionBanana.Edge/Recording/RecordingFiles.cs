using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Opens recordings as ROS 2 leaves them: an MCAP file, one in a Zstandard frame (<c>.mcap.zstd</c>), or a bag folder, whose
/// <c>metadata.yaml</c> names its files; compressed messages are decompressed. Other forms of files (<c>.db3</c>) by the formats given.
/// </summary>
public static class RecordingFiles
{
    private const string Mcap = ".mcap", Zstd = ".zstd", Metadata = "metadata.yaml", Root = "rosbag2_bagfile_information";

    private static readonly string[] Extensions = [Mcap, ".db3"];

    /// <summary>Whether a path is that of a recording: by its ending, or a folder that holds some.</summary>
    public static bool IsRecording(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Directory.Exists(path) ? IsBag(path) : ExtensionOf(path) is not null;
    }

    /// <summary>Opens a recording.</summary>
    /// <param name="path">A file or a bag folder.</param>
    /// <param name="options">How; the budget holds for each file of a bag.</param>
    /// <param name="formats">What reads files other than MCAP.</param>
    /// <exception cref="RecordingException">It does not exist, may not be read, or has a form that nothing given reads.</exception>
    /// <exception cref="MessageFormatException">It is no recording.</exception>
    public static RecordingReader Open(string path, McapReaderOptions? options = null, IReadOnlyList<IRecordingFormat>? formats = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new McapReaderOptions();
        formats ??= [];
        if (!Directory.Exists(path))
        {
            return Join([(Path.GetFileName(path), OpenFile(path, options, formats))], [], options);
        }

        List<(string Name, RecordingReader Reader)> parts = [];
        List<McapDamage> missing = [];
        VisionBananaException? first = null;
        foreach (string name in PartsOf(path))
        {
            try
            {
                parts.Add((name, OpenFile(Path.Combine(path, name), options, formats)));
            }
            catch (VisionBananaException error) when (error is RecordingException or MessageFormatException)
            {
                first ??= error;
                missing.Add(new McapDamage(0, 0, $"{name} cannot be read: {error.Message}"));
            }
        }

        if (parts.Count > 0 && (missing.Count == 0 || options.SkipDamagedChunks))
        {
            return Join(parts, missing, options);
        }

        parts.ForEach(part => part.Reader.Dispose());
        throw first ?? new RecordingException($"The bag '{path}' names no files.");
    }

    private static RecordingParts Join(List<(string Name, RecordingReader Reader)> parts, List<McapDamage> missing, McapReaderOptions options)
    {
        try
        {
            return new RecordingParts(parts, missing, options);
        }
        catch
        {
            parts.ForEach(part => part.Reader.Dispose());
            throw;
        }
    }

    private static bool IsBag(string folder)
    {
        try
        {
            return File.Exists(Path.Combine(folder, Metadata))
                ? File.ReadLines(Path.Combine(folder, Metadata)).Take(20).Any(line => line.StartsWith(Root, StringComparison.Ordinal))
                : Directory.EnumerateFiles(folder).Any(file => ExtensionOf(file) is not null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The names of the files of a bag, in order. They lie in its folder, whatever folder stands before them in old metadata.</summary>
    private static IEnumerable<string> PartsOf(string folder)
    {
        string metadata = Path.Combine(folder, Metadata);
        if (!File.Exists(metadata))
        {
            // The recorder was killed before it wrote it.
            return Directory.EnumerateFiles(folder).Where(file => ExtensionOf(file) is not null).Select(file => Path.GetFileName(file))
                .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal);
        }

        YamlSection? bag = YamlFile.Load(metadata).RequireSection(Root);
        IReadOnlyList<string> files = bag?.Strings("relative_file_paths") ?? [];
        return files.Count > 0
            ? files.Select(file => Path.GetFileName(file)).Distinct(StringComparer.Ordinal)
            : throw new RecordingException($"{metadata}: expected {Root} with the files of the bag under relative_file_paths, found none.");
    }

    private static RecordingReader OpenFile(string path, McapReaderOptions options, IReadOnlyList<IRecordingFormat> formats)
    {
        string extension = ExtensionOf(path) ?? Mcap;
        IRecordingFormat? format = formats.FirstOrDefault(format => format.Extension == extension);
        if (extension != Mcap && format is null)
        {
            throw new RecordingException(
                $"The recording '{path}' is a {extension} file, which nothing here reads: "
                    + "convert it with 'ros2 bag convert', or add VisionBanana.Edge.Sqlite.");
        }

        if (!path.EndsWith(Zstd, StringComparison.OrdinalIgnoreCase))
        {
            return format?.Open(path, options) ?? McapReader.Open(path, options);
        }

        string unpacked = ZstdFile.Unpack(path);
        try
        {
            return new TemporaryRecording(format?.Open(unpacked, options) ?? McapReader.Open(unpacked, options), unpacked);
        }
        catch (VisionBananaException error)
        {
            File.Delete(unpacked);
            throw new MessageFormatException(
                $"'{path}', decompressed: {error.Message.Replace(unpacked, Path.GetFileName(path), StringComparison.Ordinal)}", error);
        }
    }

    /// <summary>The ending without that of the compression, or null when it is that of no recording.</summary>
    private static string? ExtensionOf(string path)
    {
        string name = path.EndsWith(Zstd, StringComparison.OrdinalIgnoreCase) ? path[..^Zstd.Length] : path;
        return Array.Find(Extensions, extension => name.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
    }
}
