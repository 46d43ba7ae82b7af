using System.Net;
using System.Net.Sockets;

namespace VisionBanana.Edge.Tests.Shared;

/// <summary>A folder for one test, removed after it, and what tests of pipelines need: free ports and the demo's pipeline file on them.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vbedge-test-").FullName;

    public static string Assets => System.IO.Path.Combine(AppContext.BaseDirectory, "assets");

    public static string Demo => System.IO.Path.Combine(Assets, "samples", "demo");

    public static string Model => System.IO.Path.Combine(Assets, "models", "painter-s");

    public int MqttPort { get; } = FreePort();

    public int ZeroMqPort { get; } = FreePort();

    public string Write(string name, string text)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A pipeline file that plays the demo's clip as fast as possible to free ports; edit it with <paramref name="change"/>.</summary>
    public string WritePipeline(Func<string, string>? change = null, string name = "pipeline.yaml")
    {
        string text = $$"""
            version: 1
            device: test
            camera:
              name: room
              source: {address: "{{Demo}}/room.mp4", pace: none, loop: true}
              calibration: "{{Assets}}/calibration/demo-room.yaml"
            painter:
              model: "{{Model}}"
            instructions:
              - ask: depth
              - ask: labels
                every: 3
            sinks: {queue: 32}
            mqtt:
              embedded: {port: {{MqttPort}}}
            zeromq:
              bind: tcp://127.0.0.1:{{ZeroMqPort}}
            """;
        return Write(name, change?.Invoke(text) ?? text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
