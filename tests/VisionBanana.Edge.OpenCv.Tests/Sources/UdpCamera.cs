using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

/// <summary>A camera that sends MPEG-TS over UDP to a port on loopback.</summary>
internal sealed class UdpCamera : IDisposable
{
    private readonly Process _encoder;

    public UdpCamera()
    {
        using (var probe = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
        {
            Url = $"udp://127.0.0.1:{((IPEndPoint)probe.Client.LocalEndPoint!).Port}";
        }

        string arguments = "-v error -nostdin -re -f lavfi -i testsrc2=size=320x240:rate=20 -t 120 -c:v libx264 -preset ultrafast -tune zerolatency -g 10 "
            + $"-pix_fmt yuv420p -f mpegts {Url}?pkt_size=1316";
        _encoder = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
    }

    public string Url { get; }

    public void Dispose()
    {
        _encoder.Kill();
        _encoder.WaitForExit();
        _encoder.Dispose();
    }
}
