using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>
/// The native library neither keeps an id of this device nor talks to anybody: seen in the user's folders and, under strace, at the system calls.
/// </summary>
public sealed class TelemetryTests
{
    // What makes the native library silent by itself: with these in the environment the test would prove nothing.
    private static readonly (string Name, string Value)[] Loud =
    [
        ("ORT_DISABLE_TELEMETRY", ""), ("CI", ""), ("GITHUB_ACTIONS", ""), ("TF_BUILD", ""), ("JENKINS_URL", ""), ("GITLAB_CI", ""),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
    ];

    [Fact]
    public async Task Load_InAFreshHome_LeavesNothingThere()
    {
        using var home = new TestFolder();

        await OwnProcess.RunAsync(AppContext.BaseDirectory, nameof(Paint_InAProcessOfItsOwn), [.. Loud, .. HomeAt(home)]);

        Assert.Empty(Directory.GetFiles(home.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Load_UnderStrace_LooksUpNobody()
    {
        const string Strace = "/usr/bin/strace";
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed: eng/install strace");
        using var home = new TestFolder();
        using var log = new TestFolder();

        await OwnProcess.RunUnderAsync(
            [Strace, "-f", "-qq", "-s", "300", "-e", "trace=connect,sendto,sendmsg,sendmmsg,openat,open,creat,mkdir", "-o", log["calls"]],
            AppContext.BaseDirectory, nameof(Paint_InAProcessOfItsOwn), [.. Loud, .. HomeAt(home)]);

        string[] calls = File.ReadAllLines(log["calls"]);
        Assert.Contains(calls, c => c.Contains("libonnxruntime", StringComparison.Ordinal));
        string[] told =
        [
            .. calls.Where(c => c.Contains("events.data", StringComparison.Ordinal)
                || c.Contains("htons(53)", StringComparison.Ordinal) || c.Contains("htons(443)", StringComparison.Ordinal)
                || c.Contains("resolv.conf", StringComparison.Ordinal) || c.Contains("/etc/hosts", StringComparison.Ordinal)
                || c.Contains("deviceid", StringComparison.Ordinal) || c.Contains("ca-certificates", StringComparison.Ordinal)),
        ];
        Assert.Empty(told);
        Assert.Empty(Directory.GetFiles(home.Path, "*", SearchOption.AllDirectories));
    }

    /// <summary>Explicit: it runs in a process whose home is empty.</summary>
    [Fact(Explicit = true)]
    public void Paint_InAProcessOfItsOwn()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Paint(frame, [Instruction.MetricDepth()]);

        Assert.NotNull(frame.Find(PerceptKind.Depth));

        // Events are sent from a thread of their own, some time later.
        Thread.Sleep(TimeSpan.FromSeconds(3));
    }

    private static (string Name, string Value)[] HomeAt(TestFolder home) =>
        [("HOME", home.Path), ("XDG_CACHE_HOME", home["cache"]), ("XDG_DATA_HOME", home["data"]), ("XDG_CONFIG_HOME", home["config"])];
}
