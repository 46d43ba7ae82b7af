using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class PictureSourceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_ASourceAndASinkOfOnesOwn_BooksBalance(bool live)
    {
        int read = 0;
        var seen = new List<long>();
        using var source = new PictureSource(32, 24, PixelFormat.Rgb8, pixels =>
        {
            pixels.Fill((byte)read);
            return read++ < 12;
        })
        { IsLive = live, Intrinsics = CameraIntrinsics.FromHorizontalFov(32, 24, 60) };
        using var painter = new GreyPainter();
        await using var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Source = source,
            Painter = painter,
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            PerceptSinks = [new PerceptSink("mine", frame => seen.Add(frame.SequenceNumber))],
        });
        await pipeline.RunAsync(CancellationToken.None).WaitAsync(Limit);

        SinkFlow books = Assert.Single(pipeline.Report().Sinks);
        Assert.Equal((12, 0), (books.Captured, books.InFlight));
        Assert.Equal(12, books.Published + books.Dropped.Values.Sum());
        Assert.Equal(books.Published, seen.Count);
        Assert.Equal("ended", source.State);
    }

    [Fact]
    public async Task Frames_AReaderThatThrows_EndsTheStreamWithACameraException()
    {
        using var source = new PictureSource(32, 24, PixelFormat.Rgb8, _ => throw new InvalidOperationException("unplugged"));
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using IDisposable subscription = source.Frames.Subscribe(_ => { }, ended.SetResult);
        CameraException error = Assert.IsType<CameraException>(await ended.Task.WaitAsync(Limit));
        Assert.Contains("unplugged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Intrinsics_OfAnotherSize_AreRefused() => Assert.Throws<ArgumentException>(
        () => new PictureSource(32, 24, PixelFormat.Rgb8, _ => false) { Intrinsics = CameraIntrinsics.FromHorizontalFov(64, 48, 60) });
}
