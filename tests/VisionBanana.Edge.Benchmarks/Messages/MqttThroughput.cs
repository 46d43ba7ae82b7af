using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Benchmarks.Messages;

/// <summary>
/// How fast messages of 1 MB leave for a real Mosquitto, ours beside mosquitto_pub and paho C, in turn over several rounds. <c>mqtt [COUNT [ROUNDS]]</c>.
/// Ours and paho end with an acknowledged message: the broker acknowledges when it has read all before. mosquitto_pub ends when it has written all;
/// the time of a run with one message is taken off, because it starts a process.
/// </summary>
internal static class MqttThroughput
{
    private const int Bytes = 1_000_000;
    private const string Topic = "vb/v1/rate/peer/cloud";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static int Run(string[] arguments)
    {
        int count = Number(arguments, 0, 500), rounds = Number(arguments, 1, 5);
        string? broker = Find("mosquitto"), pub = Find("mosquitto_pub");
        if (broker is null || pub is null || count < 2 || rounds < 1)
        {
            Console.Error.WriteLine("mqtt [COUNT [ROUNDS]], with Debian's mosquitto, mosquitto-clients and, for paho C, gcc and libpaho-mqtt-dev.");
            return 2;
        }

        string folder = Directory.CreateTempSubdirectory("vb-mqtt-rate-").FullName;
        try
        {
            int port = FreePort();
            File.WriteAllText(Path.Combine(folder, "mosquitto.conf"), $"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\nlog_dest none\n");
            using Process server = Start(broker, "-c", Path.Combine(folder, "mosquitto.conf"));
            try
            {
                WaitFor(port);
                Measure(folder, port, pub, count, rounds);
                return 0;
            }
            finally
            {
                server.Kill();
                server.WaitForExit();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string folder, int port, string pub, int count, int rounds)
    {
        byte[] payload = new byte[Bytes];
        Random.Shared.NextBytes(payload);
        string file = Path.Combine(folder, "payload");
        File.WriteAllBytes(file, payload);
        string? paho = BuildPaho(folder);
        Console.WriteLine(Invariant($"{count} messages of {Bytes:N0} bytes, QoS 0, to Mosquitto without subscribers, ")
            + Invariant($"{rounds} rounds; {Environment.ProcessorCount} processors, load {Load()} before"));
        Console.WriteLine(Invariant($"{"MB/s",-6} {"ours",8} {"mosquitto_pub",14} {"paho C",8}"));
        var rates = (Ours: new List<double>(), Pub: new List<double>(), Paho: new List<double>());
        for (int round = -1; round < rounds; round++)
        {
            double ours = Rate(count, Ours(port, payload, count));
            double theirs = Rate(count - 1, MosquittoPub(pub, port, file, count) - MosquittoPub(pub, port, file, 1));
            double pahos = paho is null
                ? double.NaN
                : Rate(count, TimeSpan.FromSeconds(double.Parse(
                    Timed(paho, $"tcp://127.0.0.1:{port}", Topic, $"{Bytes}", $"{count}").Output, CultureInfo.InvariantCulture)));
            if (round < 0)
            {
                // The first round warms everybody up.
                continue;
            }

            Console.WriteLine(Invariant($"{"",-6} {ours,8:F0} {theirs,14:F0} {pahos,8:F0}"));
            rates.Ours.Add(ours);
            rates.Pub.Add(theirs);
            rates.Paho.Add(pahos);
        }

        double median = Median(rates.Ours), toPub = median / Median(rates.Pub), toPaho = median / Median(rates.Paho);
        Console.WriteLine(Invariant($"{"median",-6} {median,8:F0} {Median(rates.Pub),14:F0} {Median(rates.Paho),8:F0}"));
        Console.WriteLine(Invariant($"ours / mosquitto_pub {toPub:F2}, ours / paho C {toPaho:F2}; load {Load()} after"));
    }

    private static TimeSpan Ours(int port, byte[] payload, int count)
    {
        var transport = new MqttTransport(new MqttOptions { Port = port, Device = "rate", Camera = "ours" });
        var cloud = new WireMessage
        {
            Stream = Streams.Cloud,
            Schema = "sensor_msgs/msg/PointCloud2",
            Encoding = ImageEncodings.Points,
            Payload = payload,
            DataLength = payload.Length,
        };
        WireMessage last = new() { Stream = Streams.CameraInfo, Schema = "sensor_msgs/msg/CameraInfo", Payload = new byte[1], IsState = true };
        return Task.Run(async () =>
        {
            await transport.StartAsync(CancellationToken.None);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
            {
                Require(await transport.SendAsync(cloud, CancellationToken.None) is null, transport.State);
            }

            Require(await transport.SendAsync(last, CancellationToken.None) is null, transport.State);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            await transport.DisposeAsync();
            return elapsed;
        }).GetAwaiter().GetResult();
    }

    private static TimeSpan MosquittoPub(string pub, int port, string file, int count) =>
        Timed(pub, "-V", "mqttv5", "-h", "127.0.0.1", "-p", $"{port}", "-t", Topic, "-f", file, "--repeat", $"{count}").Elapsed;

    private static string? BuildPaho(string folder)
    {
        string? compiler = Find("gcc");
        string source = Path.Combine("tests", "interop", "paho_rate.c"), program = Path.Combine(folder, "paho_rate");
        if (compiler is null || !File.Exists(source) || !File.Exists("/usr/include/MQTTClient.h"))
        {
            Console.WriteLine("paho C is left out: it needs gcc, libpaho-mqtt-dev and the repository's root as working folder.");
            return null;
        }

        Timed(compiler, "-O2", source, "-lpaho-mqtt3c", "-o", program);
        return program;
    }

    private static (TimeSpan Elapsed, string Output) Timed(string program, params string[] arguments)
    {
        long start = Stopwatch.GetTimestamp();
        using Process process = Start(program, arguments);
        string output = process.StandardOutput.ReadToEnd();
        Require(process.WaitForExit(Limit) && process.ExitCode == 0, $"{program} failed");
        return (Stopwatch.GetElapsedTime(start), output);
    }

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;

    private static void WaitFor(int port)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (attempt < 500)
            {
                Thread.Sleep(20);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static int Number(string[] arguments, int at, int otherwise) =>
        arguments.Length <= at ? otherwise : int.TryParse(arguments[at], NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static double Rate(int count, TimeSpan elapsed) => count * (double)Bytes / 1e6 / elapsed.TotalSeconds;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
