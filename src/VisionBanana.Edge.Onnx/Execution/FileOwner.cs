using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>Whose a file or folder is. .NET tells permissions and not the owner.</summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const uint OwnerAndMode = 0x0B;
    private const int StatxBytes = 256, UidAt = 20;

    /// <summary>
    /// Why the content of a file or folder may be somebody else's: it belongs to another user, or group or others may write it.
    /// Null when only this user (and the superuser) can have written it, and on systems that do not tell.
    /// </summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static string? Problem(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
        {
            return $"{path} may be written by other users (mode {Convert.ToString((int)mode, 8)}); take that away: chmod -R go-w '{path}'";
        }

        return OperatingSystem.IsLinux() && OwnerOf(path) is { } owner && owner != EffectiveUser()
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{path} belongs to the user with the id {owner}, and this program runs as {EffectiveUser()}; run it as that user, "
                + $"or give it a folder of its own")
            : null;
    }

    private static uint? OwnerOf(string path)
    {
        Span<byte> status = stackalloc byte[StatxBytes];
        return Statx(CurrentFolder, path, 0, OwnerAndMode, status) == 0 ? BinaryPrimitives.ReadUInt32LittleEndian(status[UidAt..]) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
