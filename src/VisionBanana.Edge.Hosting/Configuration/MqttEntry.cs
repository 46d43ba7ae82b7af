using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>mqtt</c> of a pipeline file: either <c>embedded</c>, a broker in this process, or <c>broker</c>, one that exists.</summary>
/// <param name="Transport">How to publish.</param>
/// <param name="Embedded">The broker to start, or null.</param>
internal sealed record MqttEntry(MqttOptions Transport, EmbeddedBrokerOptions? Embedded) : ISinkEntry
{
    /// <summary>Reads the section.</summary>
    public static MqttEntry? Read(YamlSection? section, PipelineNames names)
    {
        if (section is null)
        {
            return null;
        }

        var options = new MqttOptions { Device = names.Device, Camera = names.Camera };
        EmbeddedBrokerOptions? embedded = null;
        bool hasEmbedded = section.Has("embedded"), hasBroker = section.Has("broker");
        if (hasEmbedded == hasBroker)
        {
            section.Problems.Add($"{section.Path}: expected exactly one of embedded and broker, found {(hasBroker ? "both" : "none")}");
        }
        else if (hasEmbedded && section.RequireSection("embedded") is { } own)
        {
            embedded = ReadEmbedded(own);
            options = options with { Host = embedded.Address.ToString(), Port = embedded.Port };
        }
        else if (hasBroker && section.RequireSection("broker") is { } broker)
        {
            options = ReadBroker(broker, options, names.Folder);
        }

        options = options with
        {
            Commands = section.OptionalBool("commands") ?? options.Commands,
            HomeAssistant = section.OptionalBool("home_assistant") ?? options.HomeAssistant,
            MessageExpiry = section.OptionalInt("message_expiry_s", 0, 86_400) is { } expiry ? TimeSpan.FromSeconds(expiry) : options.MessageExpiry,
            SessionExpiry = section.OptionalInt("session_expiry_s", 0, 86_400) is { } session ? TimeSpan.FromSeconds(session) : options.SessionExpiry,
        };
        section.RefuseUnknownKeys();
        return new MqttEntry(options, embedded);
    }

    /// <inheritdoc/>
    public IMessageTransport Create(ILoggerFactory loggers)
    {
        var transport = new MqttTransport(Transport, loggers.CreateLogger<MqttTransport>());
        return Embedded is { } broker ? new EmbeddedMqtt(new EmbeddedBroker(broker), transport) : transport;
    }

    private static EmbeddedBrokerOptions ReadEmbedded(YamlSection section)
    {
        var options = new EmbeddedBrokerOptions();
        options = options with
        {
            Port = section.OptionalInt("port", 1, 65535) ?? options.Port,
            Address = section.OptionalAddress("address") ?? options.Address,
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static MqttOptions ReadBroker(YamlSection section, MqttOptions options, string folder)
    {
        options = options with
        {
            Host = section.RequireString("host"),
            Port = section.OptionalInt("port", 1, 65535) ?? options.Port,
            ClientId = section.OptionalString("client_id"),
            User = section.OptionalString("user"),
            PasswordVariable = section.OptionalString("password_variable"),
            Tls = section.OptionalSection("tls") is { } tls ? ReadTls(tls, folder) : null,
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static MqttTlsOptions ReadTls(YamlSection section, string folder)
    {
        string? Resolve(string key) => section.OptionalString(key) is { } path ? Path.Combine(folder, path) : null;
        var options = new MqttTlsOptions
        {
            CaFile = Resolve("ca_file"),
            CertificateFile = Resolve("certificate_file"),
            KeyFile = Resolve("key_file"),
            KeyPasswordVariable = section.OptionalString("key_password_variable"),
            ServerName = section.OptionalString("server_name"),
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
