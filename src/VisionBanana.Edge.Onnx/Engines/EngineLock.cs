namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>Only one process at a time builds an engine. The lock is the open file: it ends with the process, however that ends.</summary>
internal sealed class EngineLock : IDisposable
{
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _file;

    private EngineLock(FileStream file) => _file = file;

    /// <summary>Takes it, or returns null while another holds it.</summary>
    public static EngineLock? TryTake(string path)
    {
        try
        {
            return new EngineLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
        }
        catch (IOException e) when (e.HResult is SharingViolation || (!OperatingSystem.IsWindows() && e.HResult is 11 or 35))
        {
            // EWOULDBLOCK is 11 on Linux and 35 on macOS.
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
