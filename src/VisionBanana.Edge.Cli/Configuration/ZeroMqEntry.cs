using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Configuration;

/// <summary><c>zeromq</c> of a pipeline file.</summary>
internal static class ZeroMqEntry
{
    /// <summary>Reads the section.</summary>
    public static ZeroMqOptions? Read(YamlSection? section, string device, string camera, string folder)
    {
        if (section is null)
        {
            return null;
        }

        var options = new ZeroMqOptions { Device = device, Camera = camera };
        options = options with
        {
            Endpoint = section.OptionalString("bind") ?? options.Endpoint,
            HighWaterMark = section.OptionalInt("high_water_mark", 1, 10_000) ?? options.HighWaterMark,
            CurveSecretKeyVariable = section.OptionalString("curve_secret_key_variable"),
            CurveSecretKeyFile = section.OptionalString("curve_secret_key_file") is { } file ? Path.Combine(folder, file) : null,
        };
        if (options is { CurveSecretKeyVariable: not null, CurveSecretKeyFile: not null })
        {
            section.Problem("curve_secret_key_file", "contradicts curve_secret_key_variable: keep one of them");
        }

        if (section.Has("curve_allowed_keys"))
        {
            section.Problem(
                "curve_allowed_keys",
                "NetMQ does not tell which key a subscriber has (no ZAP), so that a list of allowed ones cannot be kept: whoever has the publisher's public key is let in. "
                + "Give it to subscribers only and close the port to others, or publish to an MQTT broker with client certificates");
        }

        section.RefuseUnknownKeys();
        return options;
    }
}
