using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VisionBanana.Edge.Hosting;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>A pipeline file inside a worker service, with a sink of one's own: worker PIPELINE_FILE; Ctrl-C ends it.</summary>
internal static class Worker
{
    public static async Task RunAsync(string[] args)
    {
        #region readme
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddVisionBanana(options => options.PipelineFile = args[0]);
        builder.Services.AddSingleton<IPerceptSink>(new PerceptSink("nearest", frame =>
        {
            if (frame.Find(PerceptKind.Depth) is { } depth)
            {
                float nearest = float.PositiveInfinity;
                foreach (float metres in depth.Depth)
                {
                    nearest = metres > 0 && metres < nearest ? metres : nearest;
                }

                Console.WriteLine(FormattableString.Invariant($"{frame.SequenceNumber}: nearest {nearest:0.00} m"));
            }
        }));
        await builder.Build().RunAsync();
        #endregion
    }
}
