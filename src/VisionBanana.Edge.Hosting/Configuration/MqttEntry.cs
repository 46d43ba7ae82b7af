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

        var options = new MqttOptions { Device = names.Address.Device, Camera = names.Address.Camera, Zones = names.Zones };
        EmbeddedBrokerOptions? embedded = null;
        bool hasEmbedded = section.Has("embedded"), hasBroker = section.Has("broker");
        if (hasEmbedded == hasBroker)
        {
            section.Problems.Add($"{section.Path}: expected exactly one of embedded and broker, found {(hasBroker ? "both" : "none")}");
        }
        else if (hasEmbedded && section.RequireSection("embedded") is { } own)
        {
            embedded = EmbeddedBrokerEntry.Read(own);
            options = options with { Host = embedded.Address.ToString(), Port = embedded.Port };
        }
        else if (hasBroker && section.RequireSection("broker") is { } broker)
        {
            options = ReadBroker(broker, options, names.Folder);
        }

        options = options with
        {
            Commands = section.OptionalBool("commands") ?? options.Commands,
            AnswerPrefixes = section.Has("answer_prefixes") ? [.. section.Strings("answer_prefixes")] : [],
            HomeAssistant = section.OptionalBool("home_assistant") ?? options.HomeAssistant,
            MessageExpiry = section.OptionalInt("message_expiry_s", 0, 86_400) is { } expiry ? TimeSpan.FromSeconds(expiry) : options.MessageExpiry,
            SessionExpiry = section.OptionalInt("session_expiry_s", 0, 86_400) is { } session ? TimeSpan.FromSeconds(session) : options.SessionExpiry,
        };
        section.RefuseUnknownKeys();
        return new MqttEntry(options, embedded);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IMessageTransport> Create(IReadOnlyList<ISinkEntry> cameras, ILoggerFactory loggers)
    {
        // A connection for each: a last will tells of one camera alone that it is gone.
        ILogger<MqttTransport> log = loggers.CreateLogger<MqttTransport>();
        MqttOptions[] options =
        [
            .. cameras.Cast<MqttEntry>().Select(c => c.Transport)
                .Select(t => cameras.Count > 1 && t.ClientId is { } id ? t with { ClientId = $"{id}-{t.Camera}" } : t),
        ];
        return Embedded is { } broker
            ? EmbeddedMqtt.Create(new EmbeddedBroker(broker, loggers.CreateLogger<EmbeddedBroker>()), options, log)
            : [.. options.Select(o => new MqttTransport(o, log))];
    }

    private static MqttOptions ReadBroker(YamlSection section, MqttOptions options, string folder)
    {
        options = options with
        {
            Host = section.RequireString("host"),
            Port = section.OptionalInt("port", 1, 65535) ?? options.Port,
            Require = section.OptionalBool("require") ?? options.Require,
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
