using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Tests.Network;

public sealed class RtmpDoorTests
{
    public RtmpDoorTests() => Ffmpeg.RequireOrSkip();

    [Fact]
    public void Open_StreamWithAKey_IsReadAndFfmpegsArgumentsHaveNone()
    {
        string url;
        using (var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            url = string.Create(CultureInfo.InvariantCulture, $"rtmp://127.0.0.1:{((IPEndPoint)probe.Client.LocalEndPoint!).Port}/app/S3CRET'KEY");
        }

        string[] arguments =
        [
            "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=10", "-t", "60", "-c:v", "libx264", "-preset", "ultrafast",
            "-g", "5", "-pix_fmt", "yuv420p", "-f", "flv", "-listen", "1", url,
        ];
        using Process server = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardError = true })!;
        string[] commands = [];
        ICameraSource? source = null;
        for (int i = 0; i < 20 && source is null; i++)
        {
            try
            {
                // It may not listen yet.
                source = CameraSource.Open(url, new CameraSourceOptions { FfmpegOptions = ["-rtmp_live", "live"] });
            }
            catch (CameraException e) when (i < 19 && !server.HasExited)
            {
                Assert.DoesNotContain("S3CRET", e.Message, StringComparison.Ordinal);
            }
        }

        commands = [.. HttpDoorTests.CommandLines().Where(c => !c.Contains("-listen", StringComparison.Ordinal))];
        server.Kill();
        using (source)
        {
            Assert.Equal((320, 240), (source!.Width, source.Height));
        }

        Assert.DoesNotContain(commands, c => c.Contains("S3CRET", StringComparison.Ordinal));
        Assert.DoesNotContain("S3CRET", source.Description, StringComparison.Ordinal);
    }
}
