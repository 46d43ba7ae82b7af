using System.Threading.Channels;
using VisionBanana.Edge.Hosting;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>Percepts as IAsyncEnumerable, for code that awaits: async-stream PIPELINE_FILE.</summary>
internal static class AsyncStream
{
    public static async Task RunAsync(string[] args)
    {
        #region readme
        // What is needed of a frame is taken while it is borrowed; the newest value replaces one that nobody has read.
        var distances = Channel.CreateBounded<float>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var sink = new PerceptSink("distances", frame => distances.Writer.TryWrite(Centre(frame)));
        await using var pipeline = await PerceptionPipeline.FromFileAsync(args[0], new PipelineOptions { PerceptSinks = [sink], MaxFrames = 20 });
        Task run = pipeline.RunAsync(CancellationToken.None);
        _ = run.ContinueWith(done => distances.Writer.Complete(done.Exception?.InnerException), TaskScheduler.Default);
        await foreach (float metres in distances.Reader.ReadAllAsync())
        {
            await Console.Out.WriteLineAsync(FormattableString.Invariant($"{metres:0.00} m"));
        }
        #endregion
        await run;
    }

    private static float Centre(PerceptionFrame frame) => frame.Find(PerceptKind.Depth)!.Depth[(frame.Height / 2 * frame.Width) + (frame.Width / 2)];
}
