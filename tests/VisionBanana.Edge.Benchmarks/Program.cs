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

        BenchmarkSwitcher.FromAssembly(typeof(Benchmarks).Assembly).Run(args);
        return 0;
    }
}
