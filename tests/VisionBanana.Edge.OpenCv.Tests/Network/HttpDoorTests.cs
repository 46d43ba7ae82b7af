using System.Globalization;
using System.Text;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Tests.Network;

public sealed class HttpDoorTests
{
    // Without nobuffer: it leaves out what was read to find out what comes, here everything.
    private static readonly CameraSourceOptions Options = new() { FfmpegOptions = ["-fflags", "genpts"] };
    private static readonly byte[] Video = File.ReadAllBytes(Nearby.SharedData("field/resolution-640x480-then-640x360.ts"));

    public HttpDoorTests() => Ffmpeg.RequireOrSkip();

    [Theory]
    [InlineData("/live.ts?channel=1&token=S3CRET", "")]
    [InlineData("/user=admin_password=S3CRET_channel=1.ts", "")]
    [InlineData("/live.ts", "admin:S3%40CRET@")]
    public void Open_AddressWithSecrets_AsksTheCameraWithThemAndFfmpegWithout(string path, string user)
    {
        string[] commands = [];
        using var camera = new HttpCamera(head =>
        {
            commands = [.. commands, .. CommandLines()];
            return user.Length > 0 && !head.Any(l => l == $"Authorization: Basic {Convert.ToBase64String("admin:S3@CRET"u8)}")
                ? HttpCamera.Answer("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"")
                : HttpCamera.Answer("200 OK\r\nContent-Type: video/mp2t", Video);
        });
        using ICameraSource source = CameraSource.Open($"http://{user}{camera.Place}{path}", new CameraSourceOptions
        {
            FfmpegOptions = ["-headers", "X-Key: S3CRET-too\r\n", "-fflags", "genpts"],
        });

        Assert.Equal((640, 480), (source.Width, source.Height));
        Assert.DoesNotContain("S3", source.Description, StringComparison.Ordinal);
        Assert.Contains(camera.Asked, a => a[0] == $"GET {path} HTTP/1.1" && a.Contains("X-Key: S3CRET-too"));
        Assert.Contains(commands, c => c.Contains("ffmpeg", StringComparison.Ordinal) && c.Contains(camera.Place, StringComparison.Ordinal));
        Assert.DoesNotContain(commands, c => c.Contains("S3", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_DigestLogin_IsAnswered()
    {
        using var camera = new HttpCamera(head => head.Any(l => l.StartsWith("Authorization: Digest username=\"admin\"", StringComparison.Ordinal))
            ? HttpCamera.Answer("200 OK", Video)
            : HttpCamera.Answer("401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"camera\", nonce=\"abc\", qop=\"auth\""));
        using ICameraSource source = CameraSource.Open($"http://admin:S3CRET@{camera.Place}/live", Options);
        Assert.Equal((640, 480), (source.Width, source.Height));
    }

    [Fact]
    public void Open_EncryptedCamera_IsCheckedByItsCertificate()
    {
        using var camera = new HttpCamera(head => head.Any(l => l.StartsWith("Authorization: Basic", StringComparison.Ordinal))
            ? HttpCamera.Answer("200 OK", Video)
            : HttpCamera.Answer("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\""), isEncrypted: true);

        var error = Assert.Throws<CameraException>(() => CameraSource.Open($"https://admin:S3CRET@{camera.Place}/live", Options));
        Assert.Contains("-tls_verify", error.Message, StringComparison.Ordinal);
        Assert.Empty(camera.Asked);

        var trusting = Options with { FfmpegOptions = ["-fflags", "genpts", "-tls_verify", "0"] };
        using ICameraSource source = CameraSource.Open($"https://admin:S3CRET@{camera.Place}/live", trusting);
        Assert.Equal((640, 480), (source.Width, source.Height));
    }

    [Fact]
    public void Open_RedirectWithinTheCamera_IsFollowed()
    {
        using var camera = new HttpCamera(head => head[0].Contains("/first", StringComparison.Ordinal)
            ? HttpCamera.Answer("302 Found\r\nLocation: /second.ts?session=1")
            : HttpCamera.Answer("200 OK", Video));
        using ICameraSource source = CameraSource.Open($"http://{camera.Place}/first", Options);
        Assert.Equal((640, 480), (source.Width, source.Height));
        Assert.Contains(camera.Asked, a => a[0] == "GET /second.ts?session=1 HTTP/1.1");
    }

    [Theory]
    [InlineData("http://{0}/video.ts", "leads to another place")]
    [InlineData("//{0}/video.ts", "leads to another place")]
    [InlineData("file:///etc/passwd", "")]
    [InlineData("rtsp://{0}/x", "")]
    [InlineData("http://169.254.169.254/latest/meta-data", "leads to another place")]
    public void Open_RedirectElsewhere_IsRefusedAndNobodyIsAsked(string location, string words)
    {
        using var elsewhere = new HttpCamera(_ => HttpCamera.Answer("200 OK", Video));
        string to = string.Format(CultureInfo.InvariantCulture, location, elsewhere.Place);
        using var camera = new HttpCamera(_ => HttpCamera.Answer($"302 Found\r\nLocation: {to}"));

        var error = Assert.Throws<CameraException>(() => CameraSource.Open($"http://u:S3CRET@{camera.Place}/video.ts"));

        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public void Open_RedirectToAnAllowedHostInAPrivateNetwork_IsRefused()
    {
        using var elsewhere = new HttpCamera(_ => HttpCamera.Answer("200 OK", Video), "127.0.0.2");
        using var camera = new HttpCamera(_ => HttpCamera.Answer($"307 Temporary Redirect\r\nLocation: http://{elsewhere.Place}/video.ts"));

        var error = Assert.Throws<CameraException>(
            () => CameraSource.Open($"http://{camera.Place}/video.ts", new CameraSourceOptions { RedirectHosts = ["127.0.0.2"] }));

        Assert.Contains("private network", error.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Theory]
    [InlineData("ffconcat version 1.0\nfile 'file:{0}'\n")]
    [InlineData("ffconcat version 1.0\nfile 'http://{1}/video.ts'\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://{1}/video.ts\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD profiles=\"urn:mpeg:dash:profile:isoff-on-demand:2011\"><BaseURL>http://{1}/video.ts</BaseURL></MPD>")]
    [InlineData("v=0\nc=IN IP4 127.0.0.1\nm=video 5000 RTP/AVP 96\na=rtpmap:96 H264/90000\n")]
    public void Open_TextThatNamesOtherPlaces_IsRefused(string text)
    {
        using var elsewhere = new HttpCamera(_ => HttpCamera.Answer("200 OK", Video));
        string content = string.Format(CultureInfo.InvariantCulture, text, Nearby.SharedData("field/resolution-640x480-then-640x360.ts"), elsewhere.Place);
        using var camera = new HttpCamera(_ => HttpCamera.Answer("200 OK\r\nContent-Type: video/mp2t", Encoding.UTF8.GetBytes(content)));

        var error = Assert.Throws<CameraException>(() => CameraSource.Open($"http://{camera.Place}/video.ts"));

        Assert.Contains("playlist", error.Message, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Theory]
    [InlineData("segment.ts", true)]
    [InlineData("http://{0}/segment.ts", true)]
    [InlineData("http://{1}/segment.ts", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://{1}/segment.ts", false)]
    public void Open_PlaylistUnderItsOwnName_IsReadWithinTheCamera(string segment, bool good)
    {
        using var elsewhere = new HttpCamera(_ => HttpCamera.Answer("200 OK", Video));
        string place = "";
        using var camera = new HttpCamera(head => head[0].Contains(".m3u8", StringComparison.Ordinal)
            ? HttpCamera.Answer("200 OK", Encoding.ASCII.GetBytes("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n"
                + string.Format(CultureInfo.InvariantCulture, segment, place, elsewhere.Place) + "\n#EXT-X-ENDLIST\n"))
            : HttpCamera.Answer("200 OK", Video));
        place = camera.Place;
        var options = Options with { OpenTimeout = TimeSpan.FromSeconds(good ? 15 : 3) };

        if (good)
        {
            using ICameraSource source = CameraSource.Open($"http://{camera.Place}/live/index.m3u8?token=S3CRET", options);
            Assert.Equal((640, 480), (source.Width, source.Height));
        }
        else
        {
            Assert.Throws<CameraException>(() => CameraSource.Open($"http://{camera.Place}/live/index.m3u8", options));
        }

        Assert.Empty(elsewhere.Asked);
    }

    internal static string[] CommandLines() => [.. Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])).Select(d =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(d, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }).Where(c => c.Contains("ffmpeg", StringComparison.Ordinal))];
}
