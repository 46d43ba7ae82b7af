using VisionBanana.Edge.Hosting;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>Runs the pipeline.yaml of a folder, as 'vbedge run' does, for so many seconds: run-file FOLDER SECONDS.</summary>
internal static class RunFile
{
    public static async Task RunAsync(string[] args)
    {
        Directory.SetCurrentDirectory(args[0]);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)));
        CancellationToken cancellationToken = stop.Token;
        #region readme
        await using var pipeline = await PerceptionPipeline.FromFileAsync("pipeline.yaml");
        await pipeline.RunAsync(cancellationToken);
        #endregion
        Console.WriteLine(pipeline.Report().Sinks[0]);
    }
}
