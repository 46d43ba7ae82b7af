using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>Watches that a part of the disk that holds a file stays free.</summary>
internal sealed class DiskSpace(string path, long keepFreeBytes)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";

    /// <summary>Why so many bytes more are too many; null when they are not, or when the system does not tell how much is free.</summary>
    public string? WhyNoRoomFor(long bytes)
    {
        if (keepFreeBytes == 0 || FreeBytes() is not { } free || free - bytes >= keepFreeBytes)
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"the disk of {_folder} has {free / 1048576.0:0.#} MiB free, "
                + $"and a recording leaves {keepFreeBytes / 1048576.0:0.#} MiB. Free space, record elsewhere, or let it keep less free (--keep-free-mb).");
    }

    private long? FreeBytes()
    {
        try
        {
            return new DriveInfo(_folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
