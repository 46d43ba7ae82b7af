using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>
/// ONNX Runtime's official builds report to their maker: they keep a device id and a database in the user's cache folder and look up a host on the
/// internet. With this variable in the environment before the native library starts they do none of it (Privacy.md of the package).
/// </summary>
internal static partial class Telemetry
{
    /// <summary>What the native library looks for.</summary>
    public const string Variable = "ORT_DISABLE_TELEMETRY";

    /// <summary>Switches it off for this process and its children. To be called before the native library is loaded.</summary>
    public static void SwitchOff()
    {
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
        {
            // .NET keeps a copy of the environment of its own there: native code would not see the change.
            _ = SetNative(Variable, "1", 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNative(string name, string value, int overwrite);
}
