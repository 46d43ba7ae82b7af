using System.Net;
using VisionBanana.Edge.Network;

namespace VisionBanana.Edge.Tests.Network;

public sealed class WhereaboutsTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("172.31.255.1", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.0.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("239.1.1.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("64:ff9b::a9fe:a9fe", true)]
    [InlineData("2002:7f00:1::", true)]
    [InlineData("2001:4860:4860::8888", false)]
    public void IsInside_Address_IsPrivateOrNot(string address, bool inside) => Assert.Equal(inside, Whereabouts.IsInside(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http", "cam", 8080, true)]
    [InlineData("http", "CAM.", 8080, true)]
    [InlineData("https", "cam", 443, true)]
    [InlineData("http", "cam", 8081, false)]
    [InlineData("http", "cam.evil.example", 8080, false)]
    [InlineData("http", "cdn.example", 80, true)]
    public void WhyNot_Place_IsTheCameraOrAllowed(string scheme, string host, int port, bool allowed)
    {
        var places = new Whereabouts(StreamAddress.Parse("http://u:p@cam:8080/x"), ["cdn.example"]);
        Assert.Equal(allowed, places.WhyNot(scheme, host, port) is null);
    }

    [Fact]
    public async Task Connect_AllowedHostInAPrivateNetwork_IsRefused()
    {
        var places = new Whereabouts(StreamAddress.Parse("http://cam/x"), ["localhost", "169.254.169.254"]);
        await Assert.ThrowsAsync<ForbiddenPlaceException>(async () => await places.ConnectAsync("http", "localhost", 80, default));
        await Assert.ThrowsAsync<ForbiddenPlaceException>(async () => await places.ConnectAsync("http", "169.254.169.254", 80, default));
    }

    [Theory]
    [InlineData("rtsp://a%40b:p%2Fq@cam/live?x=1", "a@b", "p/q", "cam", 554, "/live", "?x=1")]
    [InlineData("rtsp://a:p@q@cam:8554", "a", "p@q", "cam", 8554, "/", "")]
    [InlineData("http://[fe80::1]:81?x", null, null, "fe80::1", 81, "/", "?x")]
    public void Parse_Address_GivesItsParts(string url, string? user, string? password, string host, int port, string path, string query)
    {
        var address = StreamAddress.Parse(url);
        Assert.Equal((user, password, host, port, path, query),
            (address.Login?.UserName, address.Login?.Password, address.Host, address.Port, address.Path, address.Query));
    }

    [Theory]
    [InlineData("rtsp://admin:S3/CRET@cam/live")]
    [InlineData("http://")]
    [InlineData("http://cam:99999/S3CRET=1?pwd=S3CRET")]
    public void Parse_AddressWithoutHost_IsRefusedWithoutItsSecrets(string url)
    {
        var error = Assert.Throws<CameraException>(() => StreamAddress.Parse(url));
        Assert.Contains("%2F", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3/CRET", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pwd=S3CRET", error.Message, StringComparison.Ordinal);
    }
}
