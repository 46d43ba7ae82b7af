using VisionBanana.Edge.Hosting;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>Asks a running pipeline for something else: change-instructions PIPELINE_FILE.</summary>
internal static class ChangeInstructions
{
    public static async Task RunAsync(string[] args)
    {
        long count = 0;
        using var stop = new CancellationTokenSource();
        PerceptionPipeline? pipeline = null;
        var sink = new PerceptSink("seen", frame =>
        {
            Console.WriteLine(string.Join(" and ", pipeline!.Schedule.Instructions.Select(i => i.Instruction.Kind)));
            #region readme
            if (++count == 3)
            {
                // From any thread. Null = done; otherwise why not, and nothing changed.
                var command = new SetInstructionsCommand([new AskedInstruction("normals"), new AskedInstruction("labels", Every: 2)]);
                string? problem = pipeline.Commands.Execute(command);
                Console.WriteLine(problem ?? "changed");
            }
            #endregion
            else if (count == 12)
            {
                stop.Cancel();
            }
        });
        await using (pipeline = await PerceptionPipeline.FromFileAsync(args[0], new PipelineOptions { PerceptSinks = [sink] }))
        {
            await pipeline.RunAsync(stop.Token);
        }
    }
}
