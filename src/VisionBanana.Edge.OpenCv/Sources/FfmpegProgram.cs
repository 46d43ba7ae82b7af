using System.ComponentModel;
using System.Diagnostics;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>The <c>ffmpeg</c> program of the system.</summary>
internal static class FfmpegProgram
{
    private const string Missing = "Network streams are read with the ffmpeg program, which was not found in the PATH. "
        + "On Debian and Ubuntu: apt-get install -y --no-install-recommends ffmpeg";

    private static readonly Lazy<string[]> PassThrough = new(FindPassThrough);

    /// <summary>Starts reading a stream; pictures come out of its standard output as PPM, notes on its standard error.</summary>
    /// <exception cref="CameraException">There is no ffmpeg.</exception>
    public static Process Start(string url)
    {
        string[] transport = url.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase) ? ["-rtsp_transport", "tcp"] : [];
        return Start(
        [
            "-hide_banner", "-nostats", "-nostdin", "-loglevel", "info", "-fflags", "nobuffer", "-flags", "low_delay", .. transport,
            "-i", url, "-map", "0:v:0", .. PassThrough.Value, "-c:v", "ppm", "-pix_fmt", "rgb24", "-f", "image2pipe", "-flush_packets", "1", "pipe:1",
        ]);
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return Process.Start(start) ?? throw new CameraException(Missing);
        }
        catch (Win32Exception e)
        {
            throw new CameraException(Missing, e);
        }
    }

    /// <summary>Every picture once, none invented to keep a rate: the option for it changed its name in FFmpeg 5.1.</summary>
    private static string[] FindPassThrough()
    {
        using Process process = Start(["-version"]);
        string first = process.StandardOutput.ReadLine() ?? "";
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        string[] words = first.Split(' ');
        string[] numbers = words.Length > 2 ? words[2].Split('.', '-') : [];
        bool isOld = numbers.Length > 1 && int.TryParse(numbers[0], out int major) && int.TryParse(numbers[1], out int minor) && (major < 5 || (major == 5 && minor < 1));
        return isOld ? ["-vsync", "passthrough"] : ["-fps_mode", "passthrough"];
    }
}
