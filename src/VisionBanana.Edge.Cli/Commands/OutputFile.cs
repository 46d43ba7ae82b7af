namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Writes what a verb made, with the error of this house when it cannot be.</summary>
internal static class OutputFile
{
    /// <exception cref="ConfigurationException">The file cannot be written.</exception>
    public static void Write(string path, byte[] content)
    {
        try
        {
            File.WriteAllBytes(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
