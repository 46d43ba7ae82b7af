using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Tests;

/// <summary>Pipeline files over the demo's clip with the bundled model, and a sink that counts.</summary>
internal static class DemoFile
{
    public static string Text(string sections = "") => $$"""
        version: 1
        device: test
        camera:
          name: room
          source: {address: "{{Nearby.RepositoryRoot}}/samples/demo/room.mp4", pace: none, loop: true}
          calibration: "{{Nearby.RepositoryRoot}}/calibration/demo-room.yaml"
        painter:
          model: "{{Nearby.BundledPainter}}"
        instructions:
          - ask: depth
        {{sections}}
        """;

    internal sealed class Counter : IPerceptSink
    {
        public int Depths { get; private set; }

        public bool IsDisposed { get; private set; }

        public string Name => "counter";

        public string State => "counting";

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public DropReason? Show(PerceptionFrame frame)
        {
            Depths += frame.Find(PerceptKind.Depth) is null ? 0 : 1;
            return null;
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
