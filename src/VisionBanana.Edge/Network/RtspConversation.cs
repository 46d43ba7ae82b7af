using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Network;

/// <summary>Carries one conversation of FFmpeg and a camera from one to the other.</summary>
/// <param name="door">Knows both by name.</param>
/// <param name="ffmpeg">FFmpeg.</param>
/// <param name="camera">The camera.</param>
/// <param name="login">How to log in, or null.</param>
internal sealed partial class RtspConversation(RtspDoor door, NetworkStream ffmpeg, Stream camera, RtspLogin? login) : IDisposable
{
    private readonly SemaphoreSlim _toCamera = new(1);
    private string[] _asked = [];
    private byte[] _askedBody = [];
    private bool _isRetried;

    // A request that is repeated with a login has a number of its own.
    private int _ahead;

    public async Task CarryRequestsAsync(CancellationToken cancellationToken)
    {
        var reader = new RtspReader(ffmpeg);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await _toCamera.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                if (reader.Head.Length == 0)
                {
                    await camera.WriteAsync(reader.Packets, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                string[] words = reader.Head[0].Split(' ');
                if (words.Length == 3)
                {
                    words[1] = door.ToCamera(words[1]);
                }

                (_asked, _askedBody, _isRetried) = ([string.Join(' ', words), .. reader.Head[1..]], reader.Body, false);
                await AskAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _toCamera.Release();
            }
        }
    }

    public async Task CarryAnswersAsync(CancellationToken cancellationToken)
    {
        var reader = new RtspReader(camera);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (reader.Head.Length == 0)
            {
                await ffmpeg.WriteAsync(reader.Packets, cancellationToken).ConfigureAwait(false);
            }
            else if (!await TryLogInAsync(reader.Head, cancellationToken).ConfigureAwait(false))
            {
                await ffmpeg.WriteAsync(Bytes(Answer(reader.Head), reader.Body), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _toCamera.Dispose();

    private static string Code(string[] head) => head[0].StartsWith("RTSP/", StringComparison.Ordinal) && head[0].Split(' ') is [_, var code, ..] ? code : "";

    private static byte[] Bytes(IEnumerable<string> head, byte[] body) => [.. Encoding.Latin1.GetBytes(string.Join("\r\n", head) + "\r\n\r\n"), .. body];

    private async Task<bool> TryLogInAsync(string[] head, CancellationToken cancellationToken)
    {
        if (login is null || Code(head) != "401")
        {
            return false;
        }

        await _toCamera.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isRetried || _asked.Length == 0 || !login.TryTake(RtspReader.Headers(head, "WWW-Authenticate")))
            {
                return false;
            }

            _isRetried = true;
            _ahead++;
            await AskAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _toCamera.Release();
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        IEnumerable<string> head = Numbered(_asked, _ahead);
        if (_asked[0].Split(' ') is [var method, var address, _] && login?.Header(method, address) is { } line)
        {
            head = head.Append(line);
        }

        await camera.WriteAsync(Bytes(head, _askedBody), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An answer in FFmpeg's words.</summary>
    private IEnumerable<string> Answer(string[] head)
    {
        if (Code(head) is ['3', ..] && RtspReader.Header(head, "Location") is { } location)
        {
            string? next = door.ToFfmpeg(location);
            head = next is null ? ["RTSP/1.0 403 Forbidden", .. head.Skip(1)] : head;
            head = [.. head.Where(l => !l.StartsWith("Location:", StringComparison.OrdinalIgnoreCase)), .. next is null ? [] : new[] { $"Location: {next}" }];
        }

        return Numbered(head, -_ahead).Select(l => l.StartsWith("Transport:", StringComparison.OrdinalIgnoreCase) ? Homeward(l) : l);
    }

    private static IEnumerable<string> Numbered(string[] head, int ahead) => ahead == 0 ? head : head.Select(line =>
        line.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(line.AsSpan(5), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
                ? string.Create(CultureInfo.InvariantCulture, $"CSeq: {number + ahead}")
                : line);

    /// <summary>Reports about packets of UDP go to the camera itself, whatever place it names.</summary>
    private string Homeward(string transport)
    {
        string without = SourcePart().Replace(transport, "");
        return transport.Contains("client_port", StringComparison.OrdinalIgnoreCase)
            && camera is NetworkStream { Socket.RemoteEndPoint: IPEndPoint place }
            ? $"{without};source={(place.Address.IsIPv4MappedToIPv6 ? place.Address.MapToIPv4() : place.Address)}"
            : without;
    }

    [GeneratedRegex(";source=[^;,]*", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SourcePart();
}
