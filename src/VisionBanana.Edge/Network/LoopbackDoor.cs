using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Network;

/// <summary>A door that FFmpeg goes through on a port of this machine, which is open to our own user alone.</summary>
internal abstract class LoopbackDoor : StreamDoor
{
    // HLS opens a few at once; more is nobody's need.
    private const int MostConnections = 8;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private int _open;

    protected LoopbackDoor(StreamAddress camera, CameraSourceOptions options, string protocols, string formats)
        : base(protocols, formats)
    {
        (Camera, Places) = (camera, new Whereabouts(camera, options.RedirectHosts));
        Pairs = [.. options.FfmpegOptions.Chunk(2).Select(p => (p[0], p[1]))];
        VerifiesTls = !Pairs.Contains(("-tls_verify", "0"));
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
    }

    public override IReadOnlyList<string> Options =>
        [.. base.Options, .. Pairs.Where(p => p.Name != "-tls_verify" && !IsOwn(p.Name)).SelectMany(p => new[] { p.Name, p.Value })];

    protected StreamAddress Camera { get; }

    protected Whereabouts Places { get; }

    protected int Port { get; }

    protected bool VerifiesTls { get; }

    /// <summary>The user's options of FFmpeg.</summary>
    protected IReadOnlyList<(string Name, string Value)> Pairs { get; }

    /// <summary>Whether an option is followed on this side.</summary>
    protected virtual bool IsOwn(string name) => false;

    /// <summary>Serves one connection of FFmpeg.</summary>
    protected abstract Task ServeAsync(NetworkStream ffmpeg, CancellationToken cancellationToken);

    /// <summary>Begins to let FFmpeg in.</summary>
    protected void Open() => _ = AcceptAsync(_closing.Token);

    /// <summary>Connects to a place that may be gone to.</summary>
    protected async ValueTask<Stream> ConnectAsync(string scheme, string host, int port, bool encrypted, CancellationToken cancellationToken)
    {
        Stream stream = await Places.ConnectAsync(scheme, host, port, cancellationToken).ConfigureAwait(false);
        if (!encrypted)
        {
            return stream;
        }

        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(TlsTo(host), cancellationToken).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>How the other end of an encrypted connection is checked: by its certificate, unless the user said <c>-tls_verify 0</c>.</summary>
    protected SslClientAuthenticationOptions TlsTo(string? host)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (!VerifiesTls)
        {
#pragma warning disable CA5359 // The user asked for it.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }

    protected override void Dispose(bool disposing)
    {
        _closing.Cancel();
        _listener.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>What went wrong, in one sentence.</summary>
    protected static string Words(Exception error)
    {
        Exception cause = error is HttpRequestException { InnerException: { } inner } ? inner : error;
        return cause is System.Security.Authentication.AuthenticationException
            ? $"{cause.Message} A camera with a certificate of its own: ffmpeg_options: [-tls_verify, \"0\"]"
            : cause.Message;
    }

    /// <summary>Whether trying again does not help: a place that is not followed, a certificate that is not believed.</summary>
    protected static bool IsForGood(Exception error) =>
        (error is HttpRequestException { InnerException: { } inner } ? inner : error)
            is ForbiddenPlaceException or System.Security.Authentication.AuthenticationException;

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(cancellationToken).ConfigureAwait(false);
                _ = GuardAsync(socket, cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is closed.
        }
    }

    private async Task GuardAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        if (Interlocked.Increment(ref _open) <= MostConnections)
        {
            try
            {
                if (LoopbackPeer.IsOwnUser(socket))
                {
                    socket.NoDelay = true;
                    await ServeAsync(stream, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // It is closed.
            }
            catch (Exception e)
            {
                // Whatever a camera sends ends its own connection and nothing else.
                Tell(Words(e), IsForGood(e));
            }
        }

        Interlocked.Decrement(ref _open);
    }
}
