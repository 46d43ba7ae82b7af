using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Tests.Sources;

public sealed class FfmpegProgramTests
{
    [Theory]
    [InlineData("ffmpeg version 4.2.7-0ubuntu0.1 Copyright", "-vsync", "showinfo")]
    [InlineData("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", "-vsync", "showinfo=checksum=0")]
    [InlineData("ffmpeg version 5.1.9-0+deb12u1 Copyright", "-fps_mode", "showinfo=checksum=0")]
    [InlineData("ffmpeg version N-1234-gabcdef Copyright", "-fps_mode", "showinfo=checksum=0")]
    public void Of_Version_KnowsItsOptions(string line, string passThrough, string showInfo)
    {
        FfmpegFacts facts = FfmpegFacts.Of(line);
        Assert.Equal((passThrough, showInfo), (facts.PassThrough[0], facts.ShowInfo));
    }
}
