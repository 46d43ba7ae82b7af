using System.Collections.Concurrent;
using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge listen</c>: a subscriber that prints rates and checks every message.</summary>
internal static class ListenCommand
{
    /// <summary>The most topics that are counted one by one: a publisher could fill the memory with more.</summary>
    private const int MaxTopics = 1000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var mqtt = new Option<string?>("--mqtt") { HelpName = "HOST:PORT", Description = "Listens to the MQTT broker at HOST:PORT." };
        var zeroMq = new Option<string?>("--zeromq") { Description = "Listens to the ZeroMQ publisher at an endpoint such as tcp://127.0.0.1:5556." };
        Option<double?> seconds = OptionOf.Number("--seconds", 0.01, 4e6, "s", "10", "Ends after so long; default: Ctrl-C.");
        Option<bool> json = CommonOptions.Json();
        var command = new Command(
            "listen", "Subscribes to what devices publish, prints rates and checks every message. Without an address: both endpoints of the demo.")
        {
            mqtt, zeroMq, seconds, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            List<IMessageListener> listeners = Open(parsed.GetValue(mqtt), parsed.GetValue(zeroMq));
            TimeSpan? limit = parsed.GetValue(seconds) is { } s ? TimeSpan.FromSeconds(s) : null;
            return await ListenAsync(listeners, limit, parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static List<IMessageListener> Open(string? mqtt, string? zeroMq)
    {
        bool both = mqtt is null && zeroMq is null;
        var listeners = new List<IMessageListener>();
        if (both || mqtt is not null)
        {
            (string host, int port) = ParseBroker(mqtt ?? "127.0.0.1:1883");
            listeners.Add(new MqttListener(new MqttOptions { Host = host, Port = port, Require = true }));
        }

        if (both || zeroMq is not null)
        {
            listeners.Add(new ZeroMqListener(zeroMq is null ? new ZeroMqListenerOptions() : new ZeroMqListenerOptions { Endpoint = zeroMq }));
        }

        return listeners;
    }

    /// <summary>Reads HOST:PORT of an option.</summary>
    public static (string Host, int Port) ParseBroker(string text, string option = "--mqtt") =>
        Uri.TryCreate($"mqtt://{text}", UriKind.Absolute, out Uri? broker) && broker is { UserInfo: "", PathAndQuery: "/", Port: not 0, Host.Length: > 0 }
            ? (broker.DnsSafeHost, broker.Port < 0 ? 1883 : broker.Port)
            : throw new ConfigurationException($"{option}: expected HOST:PORT, an IPv6 address in brackets, found '{text}'.");

    private static async Task<int> ListenAsync(List<IMessageListener> listeners, TimeSpan? limit, bool json, CancellationToken cancellationToken)
    {
        var meters = new ConcurrentDictionary<(string, string), StreamMeter>();
        var subscriptions = new List<IDisposable>();
        try
        {
            foreach (IMessageListener listener in listeners)
            {
                subscriptions.Add(listener.Messages.Subscribe(m =>
                {
                    string topic = meters.Count < MaxTopics || meters.ContainsKey((listener.Name, m.Topic)) ? m.Topic : "(others)";
                    meters.GetOrAdd((listener.Name, topic), key => new StreamMeter(key.Item1, key.Item2)).Count(m);
                }));
                await listener.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            await WatchAsync(meters, limit, json, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            subscriptions.ForEach(s => s.Dispose());
            foreach (IMessageListener listener in listeners)
            {
                await listener.DisposeAsync().ConfigureAwait(false);
            }

            ZeroMqRuntime.Shutdown();
        }

        StreamMeter[] streams = [.. meters.Values.OrderBy(m => m.Transport, StringComparer.Ordinal).ThenBy(m => m.Topic, StringComparer.Ordinal)];
        // Without --seconds a signal is the way to end it: it interrupts only what had a time of its own, or heard nothing.
        bool interrupted = cancellationToken.IsCancellationRequested && (limit is not null || streams.Length == 0);
        StreamMeter? bad = Array.Find(streams, s => s.Malformed > 0);
        string? error = bad is not null ? $"{bad.Topic}: {bad.FirstProblem}"
            : interrupted ? Failure.InterruptedError
            : streams.Length == 0 ? "nothing was heard" : null;
        return Report.Print(
            json,
            new { Messages = streams.Sum(s => s.Messages), Malformed = streams.Sum(s => s.Malformed), Streams = streams },
            _ => AnsiConsole.Write(Build(streams)),
            bad is not null ? ExitCode.Failed : interrupted ? ExitCode.Interrupted : streams.Length == 0 ? ExitCode.Failed : ExitCode.Well,
            error);
    }

    private static async Task WatchAsync(
        ConcurrentDictionary<(string, string), StreamMeter> meters, TimeSpan? limit, bool json, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limit is { } time)
        {
            end.CancelAfter(time);
        }

        bool live = !json && AnsiConsole.Profile.Capabilities.Interactive && AnsiConsole.Profile.Capabilities.Ansi;
        try
        {
            if (!live)
            {
                await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(false);
            }

            await AnsiConsole.Live(Build([])).AutoClear(true).StartAsync(async display =>
            {
                while (true)
                {
                    await Task.Delay(Period, end.Token).ConfigureAwait(false);
                    display.UpdateTarget(Build(meters.Values.OrderBy(m => m.Topic, StringComparer.Ordinal)));
                }
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time is up, or the user ended it.
        }
    }

    private static Table Build(IEnumerable<StreamMeter> streams)
    {
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("via", "topic", "type", "messages", "Hz", "kB each", "ms p50", "stamp", "malformed");
        foreach (StreamMeter stream in streams)
        {
            table.AddRow(
                Markup.Escape(stream.Transport),
                Markup.Escape(stream.Topic),
                Markup.Escape(stream.Schema),
                Number(stream.Messages),
                Number(stream.RateHz),
                Number(stream.Bytes / 1000.0 / Math.Max(stream.Messages, 1)),
                Number(stream.LatencyMsP50),
                stream.CapturedNs is { } captured ? $"{Stamp(captured)}{(stream.OtherClock > 0 ? $" (another clock, {stream.OtherClock})" : "")}" : "–",
                Markup.Escape(stream.FirstProblem is { } problem ? $"{stream.Malformed}: {problem}" : "0"));
        }

        return table;
    }

    /// <summary>Seconds and nine digits, as ROS writes times.</summary>
    private static string Stamp(long nanoseconds) => ((decimal)nanoseconds / 1_000_000_000).ToString("0.000000000", CultureInfo.InvariantCulture);

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("0.#", CultureInfo.InvariantCulture);
}
