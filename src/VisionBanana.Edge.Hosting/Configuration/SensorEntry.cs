using System.Net;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>
/// Where a sensor's readings arrive: <c>topic</c> on the pipeline's MQTT broker, <c>topic</c> of a ZeroMQ publisher (<c>zeromq</c>), or MAVLink
/// datagrams (<c>mavlink</c>).
/// </summary>
internal sealed record SensorEntry
{
    /// <summary>The whole topic; null = MAVLink.</summary>
    public string? Topic { get; init; }

    /// <summary>The ZeroMQ publisher; null = the pipeline's MQTT broker.</summary>
    public string? ZeroMq { get; init; }

    /// <summary>Its CURVE public key, or null.</summary>
    public string? CurveServerKey { get; init; }

    /// <summary>Who listens on the broker, where it is not the pipeline's own user.</summary>
    public string? User { get; init; }

    /// <summary>Name of the environment variable with that user's password.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>Where MAVLink datagrams arrive.</summary>
    public IPEndPoint? Mavlink { get; init; }

    /// <summary>MAV_SENSOR_ORIENTATION of the range finder that counts.</summary>
    public int Orientation { get; init; }

    /// <summary>True when the pipeline's broker brings it.</summary>
    public bool NeedsMqtt => Topic is not null && ZeroMq is null;

    /// <summary>Reads its keys out of the section of the sensor; null after a problem.</summary>
    /// <param name="section">The section.</param>
    /// <param name="mayBeMavlink">True for distances.</param>
    public static SensorEntry? Read(YamlSection section, bool mayBeMavlink)
    {
        string? topic = section.OptionalString("topic"), zeromq = section.OptionalString("zeromq");
        string? mavlink = mayBeMavlink ? section.OptionalString("mavlink") : null;
        var entry = new SensorEntry
        {
            Topic = topic,
            ZeroMq = zeromq,
            CurveServerKey = section.OptionalString("curve_server_key"),
            User = section.OptionalString("user"),
            PasswordVariable = section.OptionalString("password_variable"),
            Orientation = mayBeMavlink ? section.OptionalInt("orientation", 0, 255) ?? 0 : 0,
        };
        if ((topic is null) == (mavlink is null))
        {
            section.Problem(
                mavlink is null ? "kind" : "mavlink",
                $"expected where its readings arrive: topic, or topic and zeromq{(mayBeMavlink ? ", or mavlink" : "")}, found "
                    + $"{(topic is null ? "none" : "both")}");
            return null;
        }

        if (topic is not null)
        {
            if (topic.AsSpan().ContainsAny('+', '#') || topic.AsSpan().ContainsAnyInRange('\0', '\x1f'))
            {
                section.Problem("topic", $"expected the whole topic of one sensor, without + and #, found '{topic}'");
                return null;
            }

            return entry;
        }

        string address = mavlink!.StartsWith("udpin:", StringComparison.Ordinal) ? mavlink["udpin:".Length..] : mavlink;
        if (!IPEndPoint.TryParse(address, out IPEndPoint? local) || local.Port == 0)
        {
            section.Problem("mavlink", $"expected the address where datagrams arrive, such as 127.0.0.1:14550, found '{mavlink}'");
            return null;
        }

        return entry with { Mavlink = local };
    }
}
