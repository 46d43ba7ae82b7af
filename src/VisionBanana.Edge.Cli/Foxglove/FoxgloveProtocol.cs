using System.Buffers.Binary;
using System.Text.Json;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>The parts of the Foxglove WebSocket protocol that a server of streams needs.</summary>
internal static class FoxgloveProtocol
{
    /// <summary>Bytes before the payload of a message: opcode, subscription id, log time.</summary>
    public const int MessageHeaderLength = 1 + sizeof(uint) + sizeof(ulong);

    private const byte MessageData = 1;

    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    /// <summary>Subprotocols of this server, in order of preference; both carry these messages in the same form.</summary>
    public static readonly string[] Subprotocols = ["foxglove.sdk.v1", "foxglove.websocket.v1"];

    /// <summary>The first thing a client is told.</summary>
    public static byte[] ServerInfo(string name, string session) => Serialize(new
    {
        Op = "serverInfo",
        Name = name,
        Capabilities = Array.Empty<string>(),
        Metadata = new Dictionary<string, string>(),
        SessionId = session,
    });

    /// <summary>Announces channels.</summary>
    public static byte[] Advertise(IEnumerable<FoxgloveChannel> channels) => Serialize(new { Op = "advertise", Channels = channels });

    /// <summary>Tells a client in words what was wrong.</summary>
    public static byte[] Warning(string message) => Serialize(new { Op = "status", Level = 1, Message = message });

    /// <summary>Writes the header of a message.</summary>
    public static void WriteHeader(Span<byte> target, uint subscription, long timeNs)
    {
        target[0] = MessageData;
        BinaryPrimitives.WriteUInt32LittleEndian(target[1..], subscription);
        BinaryPrimitives.WriteUInt64LittleEndian(target[5..], (ulong)timeNs);
    }

    private static byte[] Serialize<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Camel);
}
