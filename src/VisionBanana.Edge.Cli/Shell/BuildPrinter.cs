using VisionBanana.Edge.Onnx.Engines;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Tells on standard error how building goes: a line that renews itself on a terminal, a line every five seconds elsewhere.</summary>
internal sealed class BuildPrinter : IProgress<EngineBuildProgress>
{
    private static readonly TimeSpan PlainPeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private TimeSpan? _last;

    public void Report(EngineBuildProgress value)
    {
        lock (_gate)
        {
            bool ends = value.Phase == EngineBuildPhase.Built;
            if (!Console.IsErrorRedirected)
            {
                const string ClearLine = "\r\e[K";
                Console.Error.Write($"{ClearLine}vbedge: {value}{(ends ? "\n" : "")}");
            }
            else if (ends || _last is not { } last || value.Elapsed - last >= PlainPeriod)
            {
                _last = value.Elapsed;
                Console.Error.WriteLine($"vbedge: {value}");
            }
        }
    }
}
