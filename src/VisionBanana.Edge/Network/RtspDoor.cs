using System.Globalization;
using System.Net.Sockets;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Network;

/// <summary>
/// RTSP and RTSPS: FFmpeg talks to this as if it were the camera, and logs in nowhere; user, password, query, encryption and redirects are seen to here.
/// </summary>
internal sealed class RtspDoor : LoopbackDoor
{
    private static readonly string[] Transports = ["tcp", "udp", "udp_multicast"];

    public RtspDoor(StreamAddress camera, CameraSourceOptions options)
        : base(camera, options, "rtsp,rtp,tcp,udp", "rtsp")
    {
        if (Pairs.FirstOrDefault(p => p.Name == "-rtsp_transport") is { Value: { } transport } && !Transports.Contains(transport))
        {
            throw new CameraException($"RTSP comes by {string.Join(", ", Transports)}, found -rtsp_transport {transport}.");
        }

        Open();
    }

    public override string Url => $"{Own}{Camera.OpenPath}";

    public override IReadOnlyList<string> Options => Pairs.Any(p => p.Name == "-rtsp_transport") ? base.Options : ["-rtsp_transport", "tcp", .. base.Options];

    /// <summary>The beginning of the addresses that FFmpeg uses.</summary>
    public string Own => string.Create(CultureInfo.InvariantCulture, $"rtsp://127.0.0.1:{Port}");

    /// <summary>The beginning of the addresses that the camera uses.</summary>
    public string Real => $"{Camera.Scheme}://{Camera.Authority}";

    /// <summary>What FFmpeg names, in the words of the camera.</summary>
    public string ToCamera(string address)
    {
        if (!address.StartsWith(Own, StringComparison.OrdinalIgnoreCase))
        {
            return address;
        }

        string path = address[Own.Length..];
        return Real + (path.StartsWith(Camera.OpenPath, StringComparison.Ordinal) ? $"{Camera.Path}{Camera.Query}{path[Camera.OpenPath.Length..]}" : path);
    }

    /// <summary>Where a redirect leads, for FFmpeg; null when it is not followed, which is told.</summary>
    public string? ToFfmpeg(string location)
    {
        if (location.Contains("://", StringComparison.Ordinal) && StreamAddress.Parse(location) is { } next
            && next.Scheme == Camera.Scheme && Places.IsCamera(next.Scheme, next.Host, next.Port))
        {
            return $"{Own}{next.Path}{next.Query}";
        }

        Tell($"it redirects to {location}, another place, which is not followed: give that address as source", isRefusal: true);
        return null;
    }

    protected override async Task ServeAsync(NetworkStream ffmpeg, CancellationToken cancellationToken)
    {
        using Stream camera = await ConnectAsync(Camera.Scheme, Camera.Host, Camera.Port, Camera.Scheme == "rtsps", cancellationToken).ConfigureAwait(false);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var conversation = new RtspConversation(this, ffmpeg, camera, Camera.Login is { } login ? new RtspLogin(login) : null);
        Task[] ways = [conversation.CarryRequestsAsync(ends.Token), conversation.CarryAnswersAsync(ends.Token)];
        try
        {
            await (await Task.WhenAny(ways).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await ends.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
