using System.Collections.Immutable;
using System.Security.Cryptography;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>The files of one entry of the cache.</summary>
internal static class EngineFolder
{
    /// <summary>The file whose time is that of the last use.</summary>
    public const string UsedName = "used";

    /// <summary>Reads manifest and files, and checks every hash on the bytes that are handed out.</summary>
    public static EngineManifest Check(string folder, out byte[]? graph)
    {
        EngineManifest manifest;
        try
        {
            manifest = EngineManifest.Read(File.ReadAllBytes(Path.Combine(folder, EngineManifest.FileName)));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{EngineManifest.FileName} was changed or damaged ({e.Message})", e);
        }

        graph = null;
        foreach (EngineFile file in manifest.Files)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder, file.Name));
            if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != file.Sha256)
            {
                throw new FormatException($"{file.Name} was changed or damaged: its SHA-256 is not the one of the manifest");
            }

            graph = file.Name == EngineContent.GraphName ? bytes : graph;
        }

        return manifest;
    }

    /// <summary>Hashes what a build left, and has it on the disk.</summary>
    public static ImmutableArray<EngineFile> HashFiles(string staging)
    {
        var files = ImmutableArray.CreateBuilder<EngineFile>();
        foreach (string path in Directory.GetFiles(staging).Order(StringComparer.Ordinal))
        {
            using FileStream stream = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            files.Add(new EngineFile(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream))));

            // On the disk before the manifest that names it.
            stream.Flush(flushToDisk: true);
        }

        return files.Count > 0 ? files.ToImmutable() : throw new IOException($"{staging}: the build left no file");
    }

    /// <summary>Makes an entry of what was hashed.</summary>
    public static void WriteManifest(string staging, EngineManifest manifest)
    {
        using (FileStream stream = File.Create(Path.Combine(staging, EngineManifest.FileName)))
        {
            manifest.Write(stream);
            stream.Flush(flushToDisk: true);
        }

        File.WriteAllBytes(Path.Combine(staging, UsedName), []);
    }

    /// <summary>For this user alone, whatever the umask says.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Removes a folder, or leaves it to the next build.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next build tries again.
        }
    }

    /// <summary>Bytes of all files in it; 0 when it is gone.</summary>
    public static long BytesOf(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process has just removed it.
            return 0;
        }
    }
}
