namespace VisionBanana.Edge.Tests;

public sealed class RedactorTests
{
    [Theory]
    [InlineData("rtsp://admin:S3CRET@10.0.0.5:554/live", "rtsp://…@10.0.0.5:554/live")]
    [InlineData("rtsp://admin:S3/CR?ET@10.0.0.5:554/live?channel=1", "rtsp://…@10.0.0.5:554/live?channel=1")]
    [InlineData("rtsp://S3CRET@10.0.0.5/live", "rtsp://…@10.0.0.5/live")]
    [InlineData("rtsp://a:S3@CRET@cam/live", "rtsp://…@cam/live")]
    [InlineData("http://cam/video.cgi?user=S3CRET&pwd=S3CRET&channel=2", "http://cam/video.cgi?user=…&pwd=…&channel=2")]
    [InlineData("http://cam/x?loginuse=S3CRET&loginpas=S3CRET", "http://cam/x?loginuse=…&loginpas=…")]
    [InlineData("http://cam/x?S3CRET", "http://cam/x?…")]
    [InlineData("http://cam/x?access_token=S3CRET#S3CRET", "http://cam/x?access_token=…#…")]
    [InlineData("http://cam/x#S3CRET", "http://cam/x#…")]
    [InlineData("http://cam/x?X-Amz-Signature=S3CRET&width=640", "http://cam/x?X-Amz-Signature=…&width=640")]
    [InlineData("http://cam/x?stream=rtsp://a:S3CRET@b", "http://cam/x?stream=…")]
    [InlineData("rtsp://10.0.0.5/user=admin_password=S3_CRET_channel=1_stream=0.sdp", "rtsp://10.0.0.5/user=…_password=…_channel=1_stream=0.sdp")]
    [InlineData("rtmp://live.example/app/S3CRET", "rtmp://live.example/app/…")]
    [InlineData("http://[fe80::1]:8080/x?token=S3CRET", "http://[fe80::1]:8080/x?token=…")]
    [InlineData("admin:S3CRET@10.0.0.5/live", "…@10.0.0.5/live")]
    [InlineData("http://cam:8080/path@2x/video", "http://cam:8080/path@2x/video")]
    [InlineData("udp://@:5000?overrun_nonfatal=1", "udp://…@:5000?overrun_nonfatal=1")]
    [InlineData("/home/me/room@2x.mp4", "/home/me/room@2x.mp4")]
    [InlineData("room.mp4", "room.mp4")]
    [InlineData("exec:cam --password S3CRET -i rtsp://a:S3CRET@b", "exec:cam …")]
    [InlineData("exec:/opt/cam", "exec:/opt/cam")]
    public void Address_WithOrWithoutSecrets_ShowsHostAndPath(string address, string shown) => Assert.Equal(shown, Redactor.Address(address));

    [Theory]
    [InlineData("'rtsp://a:S3CRET@cam/x' delivers nothing: check it.", "'rtsp://…@cam/x' delivers nothing: check it.")]
    [InlineData("http://cam/x?token=S3CRET, http://cam/y?pwd=S3CRET.", "http://cam/x?token=…, http://cam/y?pwd=….")]
    [InlineData("source: \"rtsp://a:S3'CRET@cam/x\"", "source: \"rtsp://…@cam/x\"")]
    [InlineData("nothing at 'admin:S3CRET@10.0.0.5/x'", "nothing at '…@10.0.0.5/x'")]
    [InlineData("pipeline.yaml:3:5: a@b, me@robot.example", "pipeline.yaml:3:5: a@b, me@robot.example")]
    public void Text_WithAddresses_KeepsWords(string text, string shown) => Assert.Equal(shown, Redactor.Text(text));

    [Fact]
    public void Text_OfEveryErrorOfOurs_IsRedacted()
    {
        Assert.DoesNotContain("S3CRET", new CameraException("rtsp://a:S3CRET@b").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "S3CRET", new ConfigurationException([new ConfigurationProblem("f", 1, 1, "found 'http://b?key=S3CRET'")]).Message, StringComparison.Ordinal);
    }
}
