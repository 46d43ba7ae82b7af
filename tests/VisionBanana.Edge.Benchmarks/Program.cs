using BenchmarkDotNet.Running;
using VisionBanana.Edge.Benchmarks.Codecs;
using VisionBanana.Edge.Benchmarks.Messages;
using VisionBanana.Edge.Benchmarks.Navigation;
using VisionBanana.Edge.Benchmarks.Peers;

namespace VisionBanana.Edge.Benchmarks;

internal static class Benchmarks
{
    private static int Main(string[] args)
    {
        if (args is ["economy", .. string[] rest])
        {
            return EconomyTable.Run(rest);
        }

        if (args is ["png", .. string[] recordings])
        {
            return PngTable.Run(recordings);
        }

        if (args is ["mqtt", .. string[] mqtt])
        {
            return MqttThroughput.Run(mqtt);
        }

        if (args is ["drives", .. string[] models])
        {
            return DriveTable.RunAsync(models).GetAwaiter().GetResult();
        }

        if (args is ["worker", .. string[] options])
        {
            return Worker.Run(options);
        }

        BenchmarkSwitcher.FromAssembly(typeof(Benchmarks).Assembly).Run(args);
        return 0;
    }
}
