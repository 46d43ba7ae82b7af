namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>Checks files with the operating system's words, which OpenCV keeps to itself.</summary>
internal static class SourceFiles
{
    public static void RequireReadable(string path, string kind)
    {
        if (Directory.Exists(path))
        {
            throw new CameraException($"The {kind} '{path}' is a folder.");
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.CanSeek && file.Length == 0)
            {
                throw new CameraException($"The {kind} '{path}' is empty.");
            }
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
