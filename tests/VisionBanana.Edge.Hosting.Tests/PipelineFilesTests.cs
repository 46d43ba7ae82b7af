using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests;

public sealed class PipelineFilesTests
{
    [Fact]
    public async Task FromFileAsync_ASinkOfOnesOwn_GetsPercepts()
    {
        using var folder = new WorkFolder();
        var sink = new DemoFile.Counter();
        var options = new PipelineOptions { PerceptSinks = [sink], MaxFrames = 8 };
        await using (PerceptionPipeline pipeline = await PerceptionPipeline.FromFileAsync(folder.Write("p.yaml", DemoFile.Text()), options))
        {
            await pipeline.RunAsync(CancellationToken.None);
            SinkFlow books = Assert.Single(pipeline.Report().Sinks);
            Assert.Equal(books.Published, sink.Depths);
            Assert.Equal((8, 0), (books.Captured, books.InFlight));
            Assert.Equal(books.Captured, books.Published + books.Dropped.Values.Sum());
        }

        Assert.True(sink.IsDisposed);
    }

    [Fact]
    public async Task FromFileAsync_SectionsOfTheTool_AreLeftOut()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", DemoFile.Text("view: false\nfoxglove: {port: 8765}"));
        await using PerceptionPipeline pipeline = await PerceptionPipeline.FromFileAsync(file, new PipelineOptions { PerceptSinks = [new DemoFile.Counter()] });
        Assert.Single(pipeline.Report().Sinks);
    }

    [Fact]
    public async Task FromFileAsync_NoSink_SaysWhatIsExpected()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", DemoFile.Text());
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(() => PerceptionPipeline.FromFileAsync(file));
        Assert.Contains("would go nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromFileAsync_WithRollout_SaysWhereThatWorks()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", DemoFile.Text("rollout: {folder: models}"));
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(() => PerceptionPipeline.FromFileAsync(file));
        Assert.Contains("rollout works with vbedge run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromFileAsync_WrongFile_TellsEverythingAtOnce()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", DemoFile.Text("sinks: {queue: 0}\nmqtt: {}\nnobody: 1"));
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(() => PerceptionPipeline.FromFileAsync(file));
        Assert.Equal(3, error.Problems.Count);
    }
}
