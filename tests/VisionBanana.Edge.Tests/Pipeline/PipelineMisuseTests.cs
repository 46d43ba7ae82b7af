using System.Diagnostics.Metrics;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

/// <summary>What users get wrong: an exception that names the mistake, or a counted drop, and never the end of the process.</summary>
public sealed class PipelineMisuseTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_Twice_SaysSo()
    {
        using var source = new MemorySource(3, isLive: false);
        using var painter = new GreyPainter();
        await using var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport()));
        await pipeline.RunAsync(CancellationToken.None);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync(CancellationToken.None));
        Assert.Contains("runs once", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(pipeline.Report().Sinks).Published);
    }

    [Fact]
    public async Task DisposeAsync_NeverRun_ClosesEverything()
    {
        using var source = new MemorySource(3, isLive: false);
        using var painter = new GreyPainter();
        var transport = new MemoryTransport();
        using var owned = new Owned();
        var pipeline = new PerceptionPipeline(Parts(source, painter, transport) with { Owned = [owned] });
        await pipeline.DisposeAsync();
        Assert.True(transport.IsDisposed);
        Assert.True(owned.IsDisposed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pipeline.RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_TokenCancelledAlready_StartsNothing()
    {
        using var source = new MemorySource(3, isLive: false);
        using var painter = new GreyPainter();
        var transport = new MemoryTransport();
        await using var pipeline = new PerceptionPipeline(Parts(source, painter, transport));
        await pipeline.RunAsync(new CancellationToken(canceled: true));
        Assert.Equal(0, Assert.Single(pipeline.Report().Sinks).Captured);
        Assert.True(transport.IsDisposed);
    }

    [Fact]
    public async Task DisposeAsync_WhileItRuns_StopsAndWaits()
    {
        using var source = new MemorySource(int.MaxValue, isLive: false);
        using var painter = new GreyPainter();
        var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport()));
        Task run = pipeline.RunAsync(CancellationToken.None);
        await pipeline.DisposeAsync().AsTask().WaitAsync(Limit);
        Assert.True(run.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Show_ASinkThatDisposesWhatItOnlyBorrowed_CostsNothingElse(bool overlap)
    {
        using var source = new MemorySource(20, isLive: false);
        using var painter = new GreyPainter();
        var good = new MemoryTransport();
        var sink = new MemoryPerceptSink("careless")
        {
            OnShow = frame =>
            {
                frame.Dispose();
                return null;
            },
        };
        await using var pipeline = new PerceptionPipeline(Parts(source, painter, good) with { PerceptSinks = [sink], Overlap = overlap });
        await pipeline.RunAsync(CancellationToken.None).WaitAsync(Limit);
        Assert.All(pipeline.Report().Sinks, s => Assert.Equal((s.Captured, 0), (s.Published + s.Dropped.Values.Sum(), s.InFlight)));
        Assert.Equal(20, pipeline.Report().Sinks[0].Captured);
    }

    [Fact]
    public async Task Subscribe_AnObserverThatThrowsWithoutACounter_EndsItsStreamAlone()
    {
        using var source = new MemorySource(20, isLive: false);
        var ended = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        using (source.Frames.KeepAll(2).Subscribe(_ => throw new InvalidOperationException("on purpose"), ended.SetResult))
        {
            Assert.Equal("on purpose", (await ended.Task.WaitAsync(Limit)).Message);
        }

        // Without an error handler Rx throws the error again, on our thread.
        using var other = new MemorySource(20, isLive: false);
        using IDisposable bare = other.Frames.KeepAll(2).Subscribe(_ => throw new InvalidOperationException("on purpose"));
        Assert.True(SpinWait.SpinUntil(() => other.Outstanding == 0, Limit));
    }

    [Fact]
    public void Create_NobodyTakesPercepts_SaysSo()
    {
        using var source = new MemorySource(1, isLive: false);
        using var painter = new GreyPainter();
        Assert.Contains(
            "nowhere", Assert.Throws<ConfigurationException>(() => new PerceptionPipeline(Parts(source, painter))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_CompressedStreamsWithoutAnEncoder_SaysSo()
    {
        using var source = new MemorySource(1, isLive: false);
        using var painter = new GreyPainter();
        PipelineParts parts = Parts(source, painter, new MemoryTransport()) with { Streams = new StreamOptions() };
        Assert.Contains("Images", Assert.Throws<ConfigurationException>(() => new PerceptionPipeline(parts)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_APainterThatHangs_IsToldToGiveUpAndWaitedFor()
    {
        using var source = new MemorySource(5, isLive: false);
        using var painter = new HangingPainter();
        await using var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport()));
        using var stop = new CancellationTokenSource();
        Task run = pipeline.RunAsync(stop.Token);
        await painter.Paints.Task.WaitAsync(Limit);
        await stop.CancelAsync();
        await run.WaitAsync(Limit);
        Assert.False(painter.IsPainting);
        SinkFlow books = Assert.Single(pipeline.Report().Sinks);
        Assert.Equal(books.Captured, books.Dropped[DropReason.Stopped]);
    }

    [Fact]
    public async Task Meter_OfARun_TellsItsBooks()
    {
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == Instrumentation.Name && instrument.Meter.Tags!.Any(t => t.Value is "meter-test"))
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => values[instrument.Name] = value);
        listener.Start();
        using var source = new MemorySource(6, isLive: false);
        using var painter = new GreyPainter();
        await using var pipeline = new PerceptionPipeline(
            Parts(source, painter, new MemoryTransport()) with { Device = "meter-test", Sinks = new SinkOptions { Capacity = 16 } });
        await pipeline.RunAsync(CancellationToken.None);
        listener.RecordObservableInstruments();
        Assert.Equal((6, 6, 6), (values["vbedge.perceived"], values["vbedge.captured"], values["vbedge.published"]));
    }

    private static PipelineParts Parts(MemorySource source, IPainter painter, params MemoryTransport[] transports) => new()
    {
        Source = source,
        Painter = painter,
        Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
        Streams = new StreamOptions { Color = null, Painting = null },
        Transports = transports,
    };

    private sealed class Owned : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class HangingPainter : IPainter
    {
        private readonly GreyPainter _grey = new();

        public TaskCompletionSource Paints { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsPainting { get; private set; }

        public PainterDescription Description => _grey.Description;

        public string? WhyNot(Instruction instruction) => null;

        public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
        {
            IsPainting = true;
            Paints.TrySetResult();
            cancellationToken.WaitHandle.WaitOne();
            IsPainting = false;
            cancellationToken.ThrowIfCancellationRequested();
        }

        public void Dispose() => _grey.Dispose();
    }
}
