using System.Text;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Tests.Sources;

public sealed class VideoHeaderTests
{
    [Theory]
    [InlineData("YUV4MPEG2 W640 H480 F30:1 Ip A1:1 C420jpeg XYSCSS=420JPEG", 640, 480, 30.0, "i420", false)]
    [InlineData("YUV4MPEG2 W64 H48 F30000:1001 I? C420mpeg2 XCOLORRANGE=FULL", 64, 48, 30000 / 1001.0, "i420", true)]
    [InlineData("YUV4MPEG2 H48 W64", 64, 48, null, "i420", false)]
    [InlineData("YUV4MPEG2 W64 H48 F0:0 Cmono XCOLORRANGE=FULL", 64, 48, null, "mono8", false)]
    public void Read_AHeader_SaysWhatComes(string line, int width, int height, double? rate, string encoding, bool isFullRange)
    {
        VideoHeader header = Read(line + "\n")!;
        Assert.Equal((width, height, rate, encoding, isFullRange),
            (header.Width, header.Height, header.FramesPerSecond, header.Encoding.Name, header.IsFullRange));
    }

    [Theory]
    [InlineData("YUV4MPEG2 W640 H480 C422\n", "C420jpeg")]
    [InlineData("YUV4MPEG2 W640 H480 C420p10\n", "-pix_fmt yuv420p")]
    [InlineData("YUV4MPEG2 W640 H480 It\n", "yadif")]
    [InlineData("YUV4MPEG2 W640\n", "a width and a height")]
    [InlineData("YUV4MPEG2 W-640 H480\n", "W-640")]
    [InlineData("YUV4MPEG2 W99999999999 H480\n", "1 to 32768")]
    [InlineData("YUV4MPEG2 W30000 H30000\n", "at most 67108864 pixels")]
    [InlineData("YUV4MPEG2 W640 H480 F30\n", "F30:1")]
    [InlineData("YUV4MPEG2 W640 H480 Fx:y\n", "F30:1")]
    [InlineData("YUV4MPEG2W640 H480\n", "byte 87")]
    [InlineData("YUV4\n", "found 'YUV4'")]
    [InlineData("YUV4MPEG2 W640", "and the end")]
    [InlineData("\u0000\u0001\u0002\u0003", "found '' and then byte 0")]
    public void Read_SomethingElse_IsRefusedAndSaysWhatIsExpected(string bytes, string said) =>
        Assert.Contains(said, Assert.Throws<CameraException>(() => Read(bytes)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_AnEndlessLine_IsRefusedAfterItsBound()
    {
        using var endless = new MemoryStream(Encoding.ASCII.GetBytes("YUV4MPEG2 " + new string('X', 100_000)));
        CameraException error = Assert.Throws<CameraException>(() => VideoHeader.Read(new PipeBytes(endless)));
        Assert.Contains($"at most {VideoHeader.LongestLine} bytes; found a longer line", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 0, 600);
    }

    [Fact]
    public void Read_Nothing_IsNull() => Assert.Null(Read(""));

    [Fact]
    public void TryReadFrame_PicturesWithAndWithoutWords_AreFoundUntilTheEnd()
    {
        using var stream = new MemoryStream("FRAME\nFRAME Ip\n"u8.ToArray());
        var bytes = new PipeBytes(stream);
        Assert.True(VideoHeader.TryReadFrame(bytes));
        Assert.True(VideoHeader.TryReadFrame(bytes));
        Assert.False(VideoHeader.TryReadFrame(bytes));
    }

    private static VideoHeader? Read(string text)
    {
        using var stream = new MemoryStream(Encoding.Latin1.GetBytes(text));
        return VideoHeader.Read(new PipeBytes(stream));
    }
}
