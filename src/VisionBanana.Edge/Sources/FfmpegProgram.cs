using System.Diagnostics;
using VisionBanana.Edge.Network;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Sources;

/// <summary>The <c>ffmpeg</c> program of the system.</summary>
internal static class FfmpegProgram
{
    private const string Missing = "Network streams are read with the ffmpeg program, which was not found in the PATH. "
        + "On Debian and Ubuntu: apt-get install -y --no-install-recommends ffmpeg";

    private static readonly Lazy<FfmpegFacts> Facts = new(
        () => FfmpegFacts.Of((ChildProgram.Ask("ffmpeg", "-version") ?? "").Split('\n')[0]), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>
    /// Starts reading a stream; pictures come out of its standard output as PPM, notes on its standard error, among them one
    /// line of the filter <c>showinfo</c> for each picture.
    /// </summary>
    /// <param name="door">The address, and by which ways it may be reached.</param>
    /// <param name="reading">What is known of the stream.</param>
    /// <exception cref="CameraException">There is no ffmpeg.</exception>
    public static Process Start(StreamDoor door, StreamReading reading)
    {
        FfmpegFacts facts = Facts.Value;

        // Of a short file everything may lie in the buffer that a camera must not have. Half a JPEG is filled up with grey unless errors are errors.
        string[] latency = reading.IsShort ? [] : ["-fflags", "nobuffer", "-flags", "low_delay"];
        string[] errors = reading.IsMotionJpeg ? ["-err_detect", "explode"] : [];
        try
        {
            Process process = ChildProgram.Start("ffmpeg",
            [
                "-hide_banner", "-nostats", "-nostdin", "-loglevel", "info", "-max_pixels", $"{CameraFrame.MostPixels}", .. latency, .. errors, .. door.Options,
                "-i", door.Url, "-map", "0:v:0", "-vf", facts.ShowInfo, .. facts.PassThrough,
                "-c:v", "ppm", "-pix_fmt", "rgb24", "-f", "image2pipe", "-flush_packets", "1", "pipe:1",
            ], door.Environment);
            if (door.Input is { } input)
            {
                process.StandardInput.Write(input);
                process.StandardInput.Close();
            }

            return process;
        }
        catch (FileNotFoundException e)
        {
            throw new CameraException($"{e.Message} {Missing}", e);
        }
    }
}
