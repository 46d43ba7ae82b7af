using System.ComponentModel;
using System.Diagnostics;

namespace VisionBanana.Edge.Sources;

/// <summary>The <c>ffmpeg</c> program of the system: from the PATH, never from the working directory, with no more of the environment than it needs.</summary>
internal static class FfmpegProgram
{
    private const string Missing = "Network streams are read with the ffmpeg program, which was not found in the PATH. "
        + "On Debian and Ubuntu: apt-get install -y --no-install-recommends ffmpeg";

    private static readonly string[] Environment =
    [
        "PATH", "HOME", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "no_proxy",
    ];

    private static readonly Lazy<FfmpegFacts> Facts = new(FindFacts);

    /// <summary>
    /// Starts reading a stream; pictures come out of its standard output as PPM, notes on its standard error, among them one
    /// line of the filter <c>showinfo</c> for each picture. Where <c>setpriv</c> is, it ends with the thread that started it, whatever ends that.
    /// </summary>
    /// <param name="url">The address.</param>
    /// <param name="options">What the user adds.</param>
    /// <param name="reading">What is known of the stream.</param>
    /// <exception cref="CameraException">There is no ffmpeg.</exception>
    public static Process Start(string url, IEnumerable<string> options, StreamReading reading)
    {
        string[] transport = url.StartsWith("rtsp", StringComparison.Ordinal) ? ["-rtsp_transport", "tcp"] : [];
        FfmpegFacts facts = Facts.Value;

        // Of a short file everything may lie in the buffer that a camera must not have. Half a JPEG is filled up with grey unless errors are errors.
        string[] latency = reading.IsShort ? [] : ["-fflags", "nobuffer", "-flags", "low_delay"];
        string[] errors = reading.IsMotionJpeg ? ["-err_detect", "explode"] : [];
        return Start(facts.Launcher,
        [
            "-hide_banner", "-nostats", "-nostdin", "-loglevel", "info", .. latency, .. errors, .. transport, .. options,
            "-i", url, "-map", "0:v:0", "-vf", facts.ShowInfo, .. facts.PassThrough,
            "-c:v", "ppm", "-pix_fmt", "rgb24", "-f", "image2pipe", "-flush_packets", "1", "pipe:1",
        ]);
    }

    /// <summary>Where a program lies in the folders of a PATH; relative ones, which depend on the working directory, are passed over.</summary>
    public static string? Find(string program, string? path) => (path ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static Process Start(IReadOnlyList<string> launcher, IReadOnlyList<string> arguments)
    {
        string ffmpeg = Find("ffmpeg", System.Environment.GetEnvironmentVariable("PATH")) ?? throw new CameraException(Missing);
        string[] command = [.. launcher, ffmpeg, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (string name in start.Environment.Keys.Except(Environment).ToArray())
        {
            start.Environment.Remove(name);
        }

        try
        {
            return Process.Start(start) ?? throw new CameraException(Missing);
        }
        catch (Win32Exception e)
        {
            throw new CameraException($"{command[0]} cannot be started: {e.Message}. {Missing}", e);
        }
    }

    private static FfmpegFacts FindFacts()
    {
        string? setpriv = Find("setpriv", System.Environment.GetEnvironmentVariable("PATH"));
        string[] launcher = setpriv is null ? [] : [setpriv, "--pdeathsig", "KILL"];
        string? version = Ask(launcher);
        if (version is null && launcher.Length > 0)
        {
            // A setpriv without this option, as BusyBox has it.
            launcher = [];
            version = Ask(launcher);
        }

        return FfmpegFacts.Of(version ?? "", launcher);
    }

    /// <summary>The first line of <c>ffmpeg -version</c>; null when it fails.</summary>
    private static string? Ask(IReadOnlyList<string> launcher)
    {
        using Process process = Start(launcher, ["-version"]);
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        string first = process.StandardOutput.ReadLine() ?? "";
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? first : null;
    }
}
