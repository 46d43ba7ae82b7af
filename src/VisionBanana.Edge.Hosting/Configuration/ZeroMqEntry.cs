using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>zeromq</c> of a pipeline file.</summary>
/// <param name="Transport">How to publish.</param>
internal sealed record ZeroMqEntry(ZeroMqOptions Transport) : ISinkEntry
{
    /// <summary>Reads the section.</summary>
    public static ZeroMqEntry? Read(YamlSection? section, PipelineNames names)
    {
        if (section is null)
        {
            return null;
        }

        var options = new ZeroMqOptions { Device = names.Address.Device, Camera = names.Address.Camera };
        options = options with
        {
            Endpoint = section.OptionalString("bind") ?? options.Endpoint,
            HighWaterMark = section.OptionalInt("high_water_mark", 1, 10_000) ?? options.HighWaterMark,
            CurveSecretKeyVariable = section.OptionalString("curve_secret_key_variable"),
            CurveSecretKeyFile = section.OptionalString("curve_secret_key_file") is { } file ? Path.Combine(names.Folder, file) : null,
        };
        if (options is { CurveSecretKeyVariable: not null, CurveSecretKeyFile: not null })
        {
            section.Problem("curve_secret_key_file", "contradicts curve_secret_key_variable: keep one of them");
        }

        if (section.Has("curve_allowed_keys"))
        {
            section.Problem(
                "curve_allowed_keys",
                "NetMQ 4.0.4.5 does not tell which key a subscriber has (no ZAP), so that a list of allowed ones cannot be kept: whoever has the "
                    + "publisher's public key is let in. "
                + "Give it to subscribers only and close the port to others, or publish to an MQTT broker with client certificates");
        }

        section.RefuseUnknownKeys();
        return new ZeroMqEntry(options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IMessageTransport> Create(IReadOnlyList<ISinkEntry> cameras, ILoggerFactory loggers) =>
        cameras.Count == 1 ? [new ZeroMqTransport(Transport)]
            : SharedTransport.Split(new ZeroMqTransport(Transport), [.. cameras.Cast<ZeroMqEntry>().Select(c => c.Transport.Camera)]);
}
