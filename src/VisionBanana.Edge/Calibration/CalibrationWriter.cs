namespace VisionBanana.Edge.Calibration;

/// <summary>Writes calibration files so that a reader sees the old one or the new one, and never half of it.</summary>
internal static class CalibrationWriter
{
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void Replace(string path, byte[] content)
    {
        string fresh = path + ".new";
        try
        {
            File.WriteAllBytes(fresh, content);
            File.Move(fresh, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The calibration cannot be written to {path}: {e.Message}", e);
        }
    }
}
