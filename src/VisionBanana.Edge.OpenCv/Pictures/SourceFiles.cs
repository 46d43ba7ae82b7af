namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Checks and reads files with the operating system's words, which OpenCV keeps to itself.</summary>
internal static class SourceFiles
{
    /// <summary>Looks whether a file is there, has something in it and may be read. A pipe or a device, which might never answer, is not opened.</summary>
    /// <exception cref="CameraException">It is missing, empty, no file, or may not be read.</exception>
    public static void RequireReadable(string path, string kind) => With(path, kind, _ =>
    {
        using FileStream file = File.OpenRead(path);
        return file.Length;
    });

    /// <summary>The bytes of a picture file.</summary>
    /// <exception cref="CameraException">As for <see cref="RequireReadable"/>, or it has more bytes than are decoded.</exception>
    public static byte[] ReadPicture(string path) => With(path, "picture", length => length <= PictureDecoder.MostBytes
        ? File.ReadAllBytes(path)
        : throw new CameraException($"The picture '{path}' has {length} bytes, more than the {PictureDecoder.MostBytes} that are decoded."));

    private static T With<T>(string path, string kind, Func<long, T> read)
    {
        if (Directory.Exists(path))
        {
            throw new CameraException($"The {kind} '{path}' is a folder.");
        }

        try
        {
            // The length of a link is its own, not that of the file behind it. Pipes and devices have none.
            long length = File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo target ? target.Length : new FileInfo(path).Length;
            return length > 0 ? read(length) : throw new CameraException($"The {kind} '{path}' is empty, or a pipe or device instead of a file.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CameraException($"The {kind} '{path}' does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The {kind} '{path}' cannot be read: {e.Message}", e);
        }
    }
}
