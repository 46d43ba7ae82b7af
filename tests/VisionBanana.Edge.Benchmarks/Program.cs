using BenchmarkDotNet.Running;
using VisionBanana.Edge.Benchmarks.Messages;

namespace VisionBanana.Edge.Benchmarks;

internal static class Benchmarks
{
    private static int Main(string[] args)
    {
        if (args is ["economy", .. string[] rest])
        {
            return EconomyTable.Run(rest);
        }

        if (args is ["mqtt", .. string[] mqtt])
        {
            return MqttThroughput.Run(mqtt);
        }

        BenchmarkSwitcher.FromAssembly(typeof(Benchmarks).Assembly).Run(args);
        return 0;
    }
}
