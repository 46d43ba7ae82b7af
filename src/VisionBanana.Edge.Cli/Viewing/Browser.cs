using System.Diagnostics;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    private static readonly Dictionary<string, string?> Desktop = new[]
    {
        "BROWSER", "DBUS_SESSION_BUS_ADDRESS", "DESKTOP_SESSION", "DISPLAY", "HOME", "USER", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CONFIG_HOME",
        "XDG_CURRENT_DESKTOP", "XDG_DATA_DIRS", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE",
    }.ToDictionary(name => name, _ => (string?)null);

    /// <summary>Opens an address in it; false when there is none, as on a robot without a screen.</summary>
    public static bool TryOpen(Uri address)
    {
        (string program, string[] arguments) = OperatingSystem.IsWindows() ? ("rundll32", new[] { "url.dll,FileProtocolHandler" })
            : OperatingSystem.IsMacOS() ? ("open", [])
            : ("xdg-open", []);
        try
        {
            using Process process = ChildProgram.Start(program, [.. arguments, address.AbsoluteUri], Desktop);
            ChildProgram.Discard(process.StandardOutput);
            ChildProgram.Discard(process.StandardError);

            // xdg-open ends at once when it finds no browser, and may stay as long as one that it found.
            return !process.WaitForExit(TimeSpan.FromSeconds(2)) || process.ExitCode == 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
