using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace VisionBanana.Edge.OpenCv.Tests.Network;

/// <summary>A camera on loopback that answers each request for HTTP as a test says, and keeps what it was asked.</summary>
internal sealed class HttpCamera : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<string[], byte[]> _answer;
    private readonly X509Certificate2? _certificate;

    /// <param name="answer">From the lines of a request's head to the bytes of the answer; the connection ends behind them.</param>
    /// <param name="address">Where it listens; null = 127.0.0.1.</param>
    /// <param name="isEncrypted">By TLS, with a certificate that nobody knows.</param>
    public HttpCamera(Func<string[], byte[]> answer, string? address = null, bool isEncrypted = false)
    {
        (_answer, _certificate) = (answer, isEncrypted ? SelfSigned() : null);
        _listener = new TcpListener(IPAddress.Parse(address ?? "127.0.0.1"), 0);
        _listener.Start();
        _ = Accept();
    }

    public string Place => _listener.LocalEndpoint.ToString()!;

    public List<string[]> Asked { get; } = [];

    public static byte[] Answer(string head, byte[]? body = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {(body?.Length ?? 0).ToString(CultureInfo.InvariantCulture)}\r\n\r\n"), .. body ?? []];

    public void Dispose()
    {
        _listener.Dispose();
        _certificate?.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=camera", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
    }

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = Serve(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            using (Stream stream = await OpenAsync(client))
            using (var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true))
            {
                var head = new List<string>();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    head.Add(line);
                }

                if (head.Count > 0)
                {
                    lock (Asked)
                    {
                        Asked.Add([.. head]);
                    }

                    await stream.WriteAsync(_answer([.. head]));
                }
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // It had enough.
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client)
    {
        if (_certificate is null)
        {
            return client.GetStream();
        }

        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(_certificate);
        return tls;
    }
}
