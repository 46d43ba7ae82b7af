using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>mqtt.embedded</c> of a pipeline file.</summary>
internal static class EmbeddedBrokerEntry
{
    private const int MiB = 1 << 20;

    /// <summary>Reads the section.</summary>
    public static EmbeddedBrokerOptions Read(YamlSection section)
    {
        var options = new EmbeddedBrokerOptions();
        options = options with
        {
            Port = section.OptionalInt("port", 1, 65535) ?? options.Port,
            Address = section.OptionalAddress("address") ?? options.Address,
            Users = section.Has("users") ? [.. section.Sections("users").Select(ReadUser)] : [],
            Limits = section.OptionalSection("limits") is { } limits ? ReadLimits(limits) : options.Limits,
        };
        section.RefuseUnknownKeys();
        return options;
    }

    private static EmbeddedBrokerUser ReadUser(YamlSection section)
    {
        var user = new EmbeddedBrokerUser { Name = section.RequireString("name"), PasswordVariable = section.RequireString("password_variable") };
        user = user with
        {
            Publish = section.Has("publish") ? [.. section.Strings("publish")] : user.Publish,
            Subscribe = section.Has("subscribe") ? [.. section.Strings("subscribe")] : user.Subscribe,
        };
        section.RefuseUnknownKeys();
        return user;
    }

    private static EmbeddedBrokerLimits ReadLimits(YamlSection section)
    {
        var limits = new EmbeddedBrokerLimits();
        limits = limits with
        {
            MaxPacketBytes = section.OptionalInt("packet_mb", 1, 255) * MiB ?? limits.MaxPacketBytes,
            MaxPacketsInFlightBytes = section.OptionalInt("incoming_mb", 1, 65536) * (long)MiB ?? limits.MaxPacketsInFlightBytes,
            MaxQueuedBytes = section.OptionalInt("queued_mb", 1, 65536) * (long)MiB ?? limits.MaxQueuedBytes,
            MaxRetainedBytes = section.OptionalInt("retained_mb", 0, 65536) * (long)MiB ?? limits.MaxRetainedBytes,
            MaxRetainedMessages = section.OptionalInt("retained_messages", 0, 1_000_000) ?? limits.MaxRetainedMessages,
            MaxConnections = section.OptionalInt("connections", 1, 100_000) ?? limits.MaxConnections,
            MaxHalfOpen = section.OptionalInt("half_open", 1, 10_000) ?? limits.MaxHalfOpen,
            MaxSubscriptions = section.OptionalInt("subscriptions", 0, 100_000) ?? limits.MaxSubscriptions,
            ConnectTimeout = Time(section, "connect_timeout_ms") ?? limits.ConnectTimeout,
            PacketTimeout = Time(section, "packet_timeout_ms") ?? limits.PacketTimeout,
        };
        if (limits.MaxPacketsInFlightBytes < limits.MaxPacketBytes)
        {
            section.Problem(
                "incoming_mb", $"expected room for one packet of {limits.MaxPacketBytes / MiB} MB at least, found {limits.MaxPacketsInFlightBytes / MiB}");
        }

        section.RefuseUnknownKeys();
        return limits;
    }

    private static TimeSpan? Time(YamlSection section, string key) =>
        section.OptionalInt(key, 100, 600_000) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
}
