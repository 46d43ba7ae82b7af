using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Network;

/// <summary>
/// HTTP and HTTPS: FFmpeg asks through this as its proxy, for the camera's host and path alone. Query, user, password and further headers are added
/// here; encryption, redirects and the places of playlists are seen to here.
/// </summary>
internal sealed class HttpDoor : LoopbackDoor
{
    private const int MostRedirects = 5, LongestHead = 16 << 10;
    private static readonly string[] HeaderOptions = ["-headers", "-cookies", "-user_agent", "-user-agent", "-referer"];
    private static readonly string[] Passed = ["Content-Type", "Content-Range", "Accept-Ranges"];

    private readonly HttpClient _client;

    public HttpDoor(StreamAddress camera, CameraSourceOptions options)
        : base(camera, options, "http,tcp,crypto", FormatsOf(camera.Path))
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PreAuthenticate = true,
            Credentials = LoginOf(camera),
            SslOptions = TlsTo(null),
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = 64,
            ConnectCallback = (context, cancellationToken) => Places.ConnectAsync(
                context.InitialRequestMessage.RequestUri!.Scheme, context.DnsEndPoint.Host.Trim('[', ']'), context.DnsEndPoint.Port, cancellationToken),
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        Open();
    }

    // FFmpeg speaks plain HTTP to its proxy also where the camera is asked by HTTPS.
    public override string Url => $"http://{Camera.Authority}{Camera.OpenPath}";

    public override IReadOnlyDictionary<string, string?> Environment =>
        new Dictionary<string, string?> { ["http_proxy"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}") };

    protected override bool IsOwn(string name) => HeaderOptions.Contains(name);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _client.Dispose();
    }

    protected override async Task ServeAsync(NetworkStream ffmpeg, CancellationToken cancellationToken)
    {
        string[] head = await ReadHeadAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
        if (head.Length == 0 || head[0].Split(' ') is not ["GET", var target, _])
        {
            return;
        }

        try
        {
            using HttpResponseMessage? response = await AskAsync(target, head, cancellationToken).ConfigureAwait(false);
            if (response is null)
            {
                await ffmpeg.WriteAsync("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
                return;
            }

            await ffmpeg.WriteAsync(HeadOf(response), cancellationToken).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await body.CopyToAsync(ffmpeg, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            Tell(Words(e), IsForGood(e));
            await ffmpeg.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // One of the two hung up, as both may at any time.
        }
    }

    /// <summary>Playlists only under their own names: a camera that sends one in place of a video leads elsewhere.</summary>
    private static string FormatsOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".M3U8" => $"hls,applehttp,aac,{Videos}",
        ".MPD" => $"dash,{Videos}",
        _ => Videos,
    };

    private static CredentialCache? LoginOf(StreamAddress camera)
    {
        if (camera.Login is not { } login)
        {
            return null;
        }

        var cache = new CredentialCache();
        foreach (Uri place in new[] { new Uri($"{camera.Scheme}://{camera.Authority}/"), new Uri($"https://{camera.HostInAddress}/") }.Distinct())
        {
            foreach (string kind in new[] { "Basic", "Digest" })
            {
                cache.Add(place, kind, login);
            }
        }

        return cache;
    }

    private static async Task<string[]> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[LongestHead];
        int count = 0, end;
        while ((end = buffer.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int part = count == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(count), cancellationToken).ConfigureAwait(false);
            if (part == 0)
            {
                return [];
            }

            count += part;
        }

        return Encoding.Latin1.GetString(buffer, 0, end).Split("\r\n");
    }

    private static byte[] HeadOf(HttpResponseMessage response)
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)response.StatusCode} {response.StatusCode}\r\n"));
        foreach (string name in Passed)
        {
            if (response.Content.Headers.NonValidated.TryGetValues(name, out var values) || response.Headers.NonValidated.TryGetValues(name, out values))
            {
                head.Append(CultureInfo.InvariantCulture, $"{name}: {values}\r\n");
            }
        }

        if (response.Content.Headers.ContentLength is { } length)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        }

        return Encoding.Latin1.GetBytes(head.Append("Connection: close\r\n\r\n").ToString());
    }

    /// <summary>The answer to what FFmpeg asked for, redirects followed as far as they may be; null = they may not, which is told.</summary>
    private async Task<HttpResponseMessage?> AskAsync(string target, string[] head, CancellationToken cancellationToken)
    {
        Uri? place = Place(target);
        for (int i = 0; i <= MostRedirects && place is not null; i++)
        {
            if (place.Scheme is not ("http" or "https") || Places.WhyNot(place.Scheme, place.Host.Trim('[', ']'), place.Port) is { } refusal && Refuse(refusal))
            {
                return null;
            }

            using HttpRequestMessage request = RequestFor(place, head);
            HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is < 300 or > 399 || response.Headers.Location is not { } next)
            {
                return response;
            }

            response.Dispose();
            place = next.IsAbsoluteUri ? next : new Uri(place, next);
        }

        Tell("it redirects from place to place without end", isRefusal: true);
        return null;
    }

    private bool Refuse(string refusal)
    {
        Tell(refusal, isRefusal: true);
        return true;
    }

    /// <summary>The real address of what FFmpeg names, which knows a path without its secrets.</summary>
    private Uri? Place(string target)
    {
        string shown = $"http://{Camera.Authority}";
        string rest = target.StartsWith(shown, StringComparison.OrdinalIgnoreCase) ? target[shown.Length..] : "";
        string real = rest == Camera.OpenPath ? $"{Camera.Scheme}://{Camera.Authority}{Camera.Path}{Camera.Query}"
            : rest.StartsWith('/') ? $"{Camera.Scheme}://{Camera.Authority}{rest}"
            : target;
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return Uri.TryCreate(real, asWritten, out Uri? place) || Uri.TryCreate(real, UriKind.Absolute, out place) ? place : null;
    }

    private HttpRequestMessage RequestFor(Uri place, string[] head)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, place);
        foreach (string line in head.Where(l => l.StartsWith("Range:", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation("Range", line[6..].Trim());
        }

        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        if (Places.IsCamera(place.Scheme, place.Host.Trim('[', ']'), place.Port))
        {
            foreach ((string name, string value) in Pairs.Where(p => IsOwn(p.Name)).SelectMany(HeadersOf))
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static IEnumerable<(string Name, string Value)> HeadersOf((string Name, string Value) option) => option.Name switch
    {
        "-headers" => option.Value.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(':', 2))
            .Where(p => p.Length == 2).Select(p => (p[0].Trim(), p[1].Trim())),
        "-cookies" => [("Cookie", option.Value.Split(';')[0])],
        "-referer" => [("Referer", option.Value)],
        _ => [("User-Agent", option.Value)],
    };
}
