using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.OpenCv.Tests.Sources;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Tests.Network;

public sealed class RtspDoorTests
{
    private static readonly CameraSourceOptions Options = new() { OpenTimeout = TimeSpan.FromSeconds(20) };

    public RtspDoorTests() => Ffmpeg.RequireOrSkip();

    [Theory]
    [InlineData("WWW-Authenticate: Basic realm=\"camera\"", "")]
    [InlineData("WWW-Authenticate: Digest realm=\"camera\", nonce=\"n1\"", "MD5")]
    [InlineData(
        "WWW-Authenticate: Basic realm=\"camera\"\r\nWWW-Authenticate: Digest realm=\"camera\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth\"", "SHA-256")]
    public void Open_CameraThatAsksWho_IsToldAndFfmpegIsNot(string challenge, string algorithm)
    {
        string[] commands = [];
        var seen = new List<string>();
        using var camera = new RtspServer();
        camera.Reply = request =>
        {
            commands = [.. commands, .. HttpDoorTests.CommandLines().Where(c => c.Contains("rtsp://", StringComparison.Ordinal))];
            seen.Add(request[0]);
            string? login = request.FirstOrDefault(l => l.StartsWith("Authorization: ", StringComparison.Ordinal))?["Authorization: ".Length..];
            bool good = request[0].StartsWith("OPTIONS", StringComparison.Ordinal) || (login is not null && IsRight(login, request[0], algorithm));
            return good ? null : $"RTSP/1.0 401 Unauthorized\r\n{challenge}";
        };
        using ICameraSource source = CameraSource.Open($"rtsp://admin:S3%40CRET@{camera.Place}/camera?token=S3CRET", Options);
        var recorder = new Recorder();
        using (source.Frames.Subscribe(recorder))
        {
            recorder.WaitFor(3);
        }

        Assert.Equal($"stream rtsp://…@{camera.Place}/camera?token=…, 320×240", source.Description);
        Assert.Contains($"DESCRIBE rtsp://{camera.Place}/camera?token=S3CRET RTSP/1.0", seen);
        Assert.NotEmpty(commands);
        Assert.DoesNotContain(commands, c => c.Contains("S3", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_WrongPassword_SaysSoWithoutIt()
    {
        using var camera = new RtspServer { Reply = _ => "RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"camera\", nonce=\"n1\"" };
        var error = Assert.Throws<CameraException>(() => CameraSource.Open($"rtsp://admin:S3CRET@{camera.Place}/camera", Options));
        Assert.Contains("401", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RedirectElsewhere_IsRefusedAndNobodyIsAsked()
    {
        using var elsewhere = new HttpCamera(_ => []);
        using var camera = new RtspServer { Reply = _ => $"RTSP/1.0 302 Moved\r\nLocation: rtsp://{elsewhere.Place}/camera?session=S3CRET" };

        var error = Assert.Throws<CameraException>(() => CameraSource.Open(camera.Url, Options));

        Assert.Contains("another place", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", error.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public void Open_RedirectWithinTheCamera_IsFollowed()
    {
        using var camera = new RtspServer();
        camera.Reply = request => request[0].StartsWith("DESCRIBE", StringComparison.Ordinal) && request[0].Contains("/camera ", StringComparison.Ordinal)
            ? $"RTSP/1.0 302 Moved\r\nLocation: rtsp://{camera.Place}/other"
            : null;
        using ICameraSource source = CameraSource.Open(camera.Url, Options);
        Assert.Equal((320, 240), (source.Width, source.Height));
    }

    [Fact]
    public void Open_TransportThatIsNone_IsRefused()
    {
        var error = Assert.Throws<CameraException>(
            () => CameraSource.Open("rtsp://127.0.0.1:1/x", Options with { FfmpegOptions = ["-rtsp_transport", "http"] }));
        Assert.Contains("tcp, udp", error.Message, StringComparison.Ordinal);
    }

    private static bool IsRight(string login, string request, string algorithm)
    {
        if (algorithm.Length == 0)
        {
            return login == $"Basic {Convert.ToBase64String("admin:S3@CRET"u8)}";
        }

        var values = Regex.Matches(login, "(\\w+)=\"?([^\",]*)").ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
#pragma warning disable CA5351
        string Hash(string text) => Convert.ToHexStringLower(
            algorithm == "MD5" ? MD5.HashData(Encoding.UTF8.GetBytes(text)) : SHA256.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
        string[] words = request.Split(' ');
        string user = Hash("admin:camera:S3@CRET"), asked = Hash($"{words[0]}:{words[1]}");
        string middle = values.TryGetValue("qop", out string? quality) ? $"n1:{values["nc"]}:{values["cnonce"]}:{quality}" : "n1";
        return values["uri"] == words[1] && values["response"] == Hash($"{user}:{middle}:{asked}");
    }
}
