using System.CommandLine;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary><c>vbedge forget</c>: clears what a broker keeps for a device that is gone.</summary>
internal static class ForgetCommand
{
    public static Command Create()
    {
        var device = new Argument<string>("device") { Description = "The device, as in topics vb/v1/DEVICE/…" };
        var camera = new Option<string?>("--camera") { Description = "One of its cameras only." };
        var mqtt = new Option<string?>("--mqtt") { HelpName = "HOST:PORT", Description = "The MQTT broker at HOST:PORT; default: 127.0.0.1:1883." };
        var user = new Option<string?>("--user") { Description = "The user name at the broker." };
        var password = new Option<string?>("--password-variable") { Description = "The environment variable that holds the password." };
        var ca = new Option<FileInfo?>("--ca") { Description = "TLS: the certificates of the authorities, PEM." };
        var force = new Option<bool>("--force") { Description = "Even when a camera says that it is online." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("forget", "Clears what an MQTT broker keeps for a device: status, state and its announcements to Home Assistant.")
        {
            device, camera, mqtt, user, password, ca, force, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            (string host, int port) = ListenCommand.ParseBroker(parsed.GetValue(mqtt) ?? "127.0.0.1:1883");
            var options = new MqttOptions
            {
                Host = host,
                Port = port,
                User = parsed.GetValue(user),
                PasswordVariable = parsed.GetValue(password),
                Tls = parsed.GetValue(ca) is { } file ? new MqttTlsOptions { CaFile = file.ToString() } : null,
            };
            return ForgetAsync(
                options, parsed.GetRequiredValue(device), parsed.GetValue(camera), parsed.GetValue(force), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> ForgetAsync(MqttOptions options, string device, string? camera, bool force, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<RetainedTopic> found = await RetainedState.FindAsync(options, device, camera, cancellationToken).ConfigureAwait(false);
        if (!force && found.FirstOrDefault(t => t.IsOnline) is { } online)
        {
            throw new TransportException(
                $"{online.Topic} says online: end that run first, it would not publish its state again. A run that was lost without a trace: --force.");
        }

        string[] topics = [.. found.Select(t => t.Topic)];
        IReadOnlyList<string> refused = await RetainedState.ClearAsync(options, topics, cancellationToken).ConfigureAwait(false);
        void Print()
        {
            foreach (string topic in topics)
            {
                Console.WriteLine($"{(refused.Contains(topic) ? "refused" : "cleared")} {topic}");
            }

            Console.WriteLine($"{topics.Length - refused.Count} of {topics.Length} topics cleared for {device}{(camera is null ? "" : $"/{camera}")}");
        }

        return Report.Print(
            json, new { Device = device, Cleared = topics.Except(refused), Refused = refused }, _ => Print(),
            refused.Count == 0 ? ExitCode.Well : ExitCode.Failed, refused.Count == 0 ? null : $"the broker refused to clear {string.Join(", ", refused)}");
    }
}
