using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Configuration;

public sealed class ProgramSourceEntryTests
{
    [Theory]
    [InlineData("source: \"exec:cam -o -\"", null)]
    [InlineData("source: {address: \"exec:cam -o -\", format: NV12, width: 640, height: 480, rate_hz: 30}", "nv12")]
    public void Read_AProgram_IsNoPathAndMayHaveAFormat(string source, string? format)
    {
        SourceEntry entry = Read(source).Source;
        Assert.Equal("exec:cam -o -", entry.Address);
        Assert.Same(format is null ? null : RawEncoding.Find(format), entry.Options.RawFormat);
        Assert.Equal(format is null ? null : 640, entry.Options.Width);
    }

    [Fact]
    public void Read_AFormatThatNobodyKnows_IsRefusedWithThoseThatAre()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Read("source: {address: \"exec:cam\", format: h264, width: 640, height: 480}"));
        Assert.Contains("nv12", error.Message, StringComparison.Ordinal);
        Assert.Contains("found 'h264'", error.Message, StringComparison.Ordinal);
    }

    private static CameraEntry Read(string source)
    {
        using var folder = new WorkFolder();
        string[] lines = DemoFile.Text("zeromq: {}").Split('\n');
        return PipelineFile.Read(folder.Write("p.yaml", string.Join('\n', lines.Select(
            l => l.StartsWith("  source:", StringComparison.Ordinal) ? $"  {source}" : l)))).Camera;
    }
}
