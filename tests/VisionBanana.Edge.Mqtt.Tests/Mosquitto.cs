using System.Net.Sockets;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>A real Mosquitto broker on a free loopback port, with lines of configuration of the test's choice.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string _program, _folder;
    private ExternalProcess? _process;

    private Mosquitto(string program, string folder, int port) => (_program, _folder, Port) = (program, folder, port);

    public int Port { get; }

    public static async Task<Mosquitto> StartAsync(params string[] settings)
    {
        string? program = ExternalProcess.Find("mosquitto");
        Assert.SkipWhen(program is null, "mosquitto is not installed");
        string folder = Directory.CreateTempSubdirectory("vb-mosquitto-").FullName;
        int port = Ports.Free();

        // As root it would become the user mosquitto, who cannot read the test's certificates.
        string[] lines =
        [
            $"listener {port} 127.0.0.1", "user root", "max_queued_messages 100", $"persistence_location {folder}/",
            .. settings.DefaultIfEmpty("allow_anonymous true"),
        ];
        await File.WriteAllLinesAsync(Path.Combine(folder, "mosquitto.conf"), lines);
        var broker = new Mosquitto(program, folder, port);
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        _process = new ExternalProcess(_program, ["-c", Path.Combine(_folder, "mosquitto.conf")]);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (attempt < 500)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Ends the broker as a power cut would.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops or continues the process without closing its connections: a machine that hangs.</summary>
    public Task<bool> SignalAsync(string signal) =>
        ExternalProcess.SucceedsAsync("/bin/kill", $"-{signal}", _process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>mosquitto_sub on this broker, with MQTT 5.</summary>
    public ExternalProcess Subscribe(params string[] arguments)
    {
        string? program = ExternalProcess.Find("mosquitto_sub");
        Assert.SkipWhen(program is null, "mosquitto_sub (Debian: mosquitto-clients) is not installed");
        return new ExternalProcess(
            program, ["-V", "mqttv5", "-h", "127.0.0.1", "-p", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. arguments]);
    }

    /// <summary>mosquitto_pub on this broker, with MQTT 5.</summary>
    public async Task PublishAsync(params string[] arguments)
    {
        string? program = ExternalProcess.Find("mosquitto_pub");
        Assert.SkipWhen(program is null, "mosquitto_pub (Debian: mosquitto-clients) is not installed");
        Assert.True(await ExternalProcess.SucceedsAsync(
            program, ["-V", "mqttv5", "-h", "127.0.0.1", "-p", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. arguments]));
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
