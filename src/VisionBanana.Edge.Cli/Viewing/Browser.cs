using System.ComponentModel;
using System.Diagnostics;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The user's browser.</summary>
internal static class Browser
{
    /// <summary>Opens an address in it; false when there is none, as on a robot without a screen.</summary>
    public static bool TryOpen(Uri address)
    {
        ProcessStartInfo start = OperatingSystem.IsWindows() ? new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true }
            : new ProcessStartInfo(
                OperatingSystem.IsMacOS() ? "open" : "xdg-open", [address.AbsoluteUri])
            { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using Process? process = Process.Start(start);

            // xdg-open ends at once when it finds no browser, and may stay as long as one that it found.
            return process is null || !process.WaitForExit(TimeSpan.FromSeconds(2)) || process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
