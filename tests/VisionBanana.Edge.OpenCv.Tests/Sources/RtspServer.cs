using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

/// <summary>An RTSP camera on loopback: ffmpeg encodes a moving test picture as H.264 over RTP, this hands it on interleaved in TCP.</summary>
internal sealed class RtspServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly UdpClient _packets = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-rtsp-").FullName;
    private readonly Process _encoder;

    public RtspServer()
    {
        string sdp = Path.Combine(_folder, "camera.sdp");
        int port = ((IPEndPoint)_packets.Client.LocalEndPoint!).Port;
        string arguments = "-v error -nostdin -re -f lavfi -i testsrc2=size=320x240:rate=20 -c:v libx264 -preset ultrafast -tune zerolatency -g 10 "
            + $"-pix_fmt yuv420p -f rtp -sdp_file {sdp} rtp://127.0.0.1:{port}?pkt_size=1200";
        _encoder = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardError = true })!;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(sdp) && File.ReadAllText(sdp).Contains("a=fmtp", StringComparison.Ordinal), 20_000));
        Sdp = File.ReadAllText(sdp)[File.ReadAllText(sdp).IndexOf("v=0", StringComparison.Ordinal)..].Replace(
            $"m=video {port}", "m=video 0", StringComparison.Ordinal).TrimEnd()
            + "\r\na=control:track0\r\n";
        _listener.Start();
        _ = Accept();
    }

    /// <summary>Another answer than the usual one, without the line of its number, from the lines of a request; null = the usual one.</summary>
    public Func<string[], string?> Reply { get; set; } = _ => null;

    public string Place => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public string Url => $"rtsp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/camera";

    private string Sdp { get; }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _encoder.Kill();
        _encoder.WaitForExit();
        _encoder.Dispose();
        _packets.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                // One client at a time, as cheap cameras do.
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await Serve(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(NetworkStream stream)
    {
        try
        {
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            while (true)
            {
                var request = new List<string>();
                while (await reader.ReadLineAsync(_stop.Token) is { } line)
                {
                    if (line.Length == 0)
                    {
                        break;
                    }

                    request.Add(line);
                }

                if (request.Count == 0)
                {
                    return;
                }

                if (Reply([.. request]) is { } reply)
                {
                    string number = request.First(l => l.StartsWith("CSeq", StringComparison.OrdinalIgnoreCase));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"{reply}\r\n{number}\r\n\r\n"), _stop.Token);
                    continue;
                }

                string verb = request[0].Split(' ')[0], sequence = request.First(l => l.StartsWith("CSeq", StringComparison.OrdinalIgnoreCase));
                string extra = verb switch
                {
                    "OPTIONS" => "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n\r\n",
                    "DESCRIBE" => string.Create(
                        CultureInfo.InvariantCulture, $"Content-Base: {Url}/\r\nContent-Type: application/sdp\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}"),
                    "SETUP" => "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n\r\n",
                    _ => "Session: 1\r\n\r\n",
                };
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"RTSP/1.0 200 OK\r\n{sequence}\r\n{extra}"), _stop.Token);
                if (verb == "PLAY")
                {
                    await Play(stream);
                }
            }
        }
        catch (IOException)
        {
        }
    }

    private async Task Play(NetworkStream stream)
    {
        byte[] header = [(byte)'$', 0, 0, 0];
        while (true)
        {
            UdpReceiveResult packet = await _packets.ReceiveAsync(_stop.Token);
            BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)packet.Buffer.Length);
            await stream.WriteAsync(header, _stop.Token);
            await stream.WriteAsync(packet.Buffer, _stop.Token);
        }
    }
}
