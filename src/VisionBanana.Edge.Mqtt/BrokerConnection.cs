using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Implementations;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// One connection to the embedded broker, with the limits that MQTTnet's server does not have: on packets (<see cref="PacketGate"/>), on topic
/// aliases, on answers that a client does not read, on the time that a goodbye may take. Gives clients of MQTT 3.1.1 an id that leave it to the
/// broker, as <c>mosquitto_sub</c> does: MQTTnet's server does so for clients of MQTT 5 only.
/// </summary>
internal sealed class BrokerConnection : IMqttChannelAdapter
{
    /// <summary>Topic aliases that a client may use, told in CONNACK.</summary>
    public const int MaxTopicAliases = 16;

    private const int MaxOwed = 1024;

    private static readonly TimeSpan FarewellLimit = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;
    private readonly PacketGate _gate;
    private readonly MqttChannelAdapter _inner;
    private readonly EmbeddedBrokerLimits _limits;
    private readonly TimeProvider _clock;
    private readonly long _opened;
    private long _queuedBytes, _sendingSince;
    private int _owed;
    private string? _cutBecause;

    public BrokerConnection(
        Socket socket, EmbeddedBrokerLimits limits, IncomingBudget budget, MqttServerOptions server, TimeProvider clock, IMqttNetLogger logger)
    {
        (_socket, _limits, _clock) = (socket, limits, clock);
        _opened = clock.GetTimestamp();
        socket.NoDelay = true;
        var tcp = new MqttTcpChannel(new NetworkStream(socket, ownsSocket: true), socket.LocalEndPoint, socket.RemoteEndPoint, null);
        _gate = new PacketGate(tcp, limits, budget, clock);
        var writer = new MqttBufferWriter(server.WriterBufferSize, server.WriterBufferSizeMax);
        _inner = new MqttChannelAdapter(_gate, new MqttPacketFormatterAdapter(writer), logger);
        Address = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        Name = socket.RemoteEndPoint?.ToString() ?? "";
    }

    /// <summary>Raised once, when CONNACK lets it in; the id is <see cref="ClientId"/>.</summary>
    public Action<BrokerConnection> Admitted { get; init; } = static _ => { };

    /// <summary>Called when it did not read its goodbye; cuts it.</summary>
    public Action<BrokerConnection, string> Stuck { get; init; } = static (connection, why) => connection.Cut(why);

    /// <summary>Called when a message was sent to it, or could not be.</summary>
    public Action<MqttPublishPacket> Sent { get; init; } = static _ => { };

    /// <summary>The other end.</summary>
    public IPAddress Address { get; }

    /// <summary>The other end for people: its id once it has one, and its address.</summary>
    public string Name { get; private set; }

    /// <summary>Its id, null before CONNECT.</summary>
    public string? ClientId { get; private set; }

    /// <summary>What is known about it.</summary>
    public Trust Trust => _gate.Trust;

    /// <summary>True when it says that it is the pipeline of this process and proved it.</summary>
    public bool IsOwn { get; set; }

    /// <summary>Bytes of messages that wait for it.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Why it was cut, or null.</summary>
    public string? CutBecause => _cutBecause;

    public long BytesReceived => _inner.BytesReceived;

    public long BytesSent => _inner.BytesSent;

    public X509Certificate2 ClientCertificate => _inner.ClientCertificate;

    public EndPoint RemoteEndPoint => _inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => _inner.LocalEndPoint;

    public bool IsSecureConnection => _inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => _inner.PacketFormatterAdapter;

    /// <summary>Why it should be cut now, or null.</summary>
    public string? Overdue() =>
        Trust == Trust.None && _clock.GetElapsedTime(_opened) > _limits.ConnectTimeout ? $"said no CONNECT within {_limits.ConnectTimeout.TotalSeconds:0.#} s"
        : Trust == Trust.Own ? null
        : _gate.Reading > _limits.PacketTimeout ? $"took longer than {_limits.PacketTimeout.TotalSeconds:0.#} s to send one packet"
        : Interlocked.Read(ref _sendingSince) is var since and not 0 && _clock.GetElapsedTime(since) > _limits.PacketTimeout
            ? $"read nothing for {_limits.PacketTimeout.TotalSeconds:0.#} s"
        : null;

    /// <summary>Ends it at once, whatever is on its way.</summary>
    public void Cut(string why)
    {
        if (Interlocked.CompareExchange(ref _cutBecause, why, null) is null)
        {
            _socket.Close(0);
        }
    }

    /// <summary>Counts bytes that wait for it, or that no longer do.</summary>
    public void Queue(long bytes) => Interlocked.Add(ref _queuedBytes, bytes);

    public Task ConnectAsync(CancellationToken cancellationToken) => _inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => _inner.DisconnectAsync(cancellationToken);

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        MqttPacket? packet = await _inner.ReceivePacketAsync(cancellationToken).ConfigureAwait(false);
        switch (packet)
        {
            case MqttConnectPacket { CleanSession: true } connect
                when string.IsNullOrEmpty(connect.ClientId) && PacketFormatterAdapter.ProtocolVersion != MqttProtocolVersion.V500:
                connect.ClientId = $"auto-{Guid.NewGuid():N}";
                break;
            case MqttPublishPacket { TopicAlias: > MaxTopicAliases } publish:
                throw new MqttProtocolViolationException($"At most {MaxTopicAliases} topic aliases are allowed, found number {publish.TopicAlias}.");
        }

        ClientId ??= (packet as MqttConnectPacket)?.ClientId;
        bool isAnswered = packet is MqttPingReqPacket or MqttSubscribePacket or MqttUnsubscribePacket or MqttPubRecPacket or MqttPubRelPacket
            || packet is MqttPublishPacket { QualityOfServiceLevel: > MqttQualityOfServiceLevel.AtMostOnce };
        return !isAnswered || Interlocked.Increment(ref _owed) <= MaxOwed
            ? packet
            : throw new MqttProtocolViolationException($"The client does not read its answers: {MaxOwed} wait.");
    }

    public void ResetStatistics() => _inner.ResetStatistics();

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttConnAckPacket answer)
        {
            Prepare(answer);
        }

        Interlocked.CompareExchange(ref _sendingSince, _clock.GetTimestamp(), 0);
        try
        {
            await (packet is MqttDisconnectPacket ? SayGoodbyeAsync(packet) : _inner.SendPacketAsync(packet, cancellationToken)).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Exchange(ref _sendingSince, 0);
            Settle(packet);
        }
    }

    public void Dispose() => _inner.Dispose();

    private void Prepare(MqttConnAckPacket answer)
    {
        ClientId = answer.AssignedClientIdentifier ?? ClientId;
        Name = $"{ClientId} at {Name}";
        answer.TopicAliasMaximum = MaxTopicAliases;
        answer.MaximumPacketSize = IsOwn ? 0 : (uint)_limits.MaxPacketBytes;
        if (answer.ReasonCode == MqttConnectReasonCode.Success)
        {
            _gate.Trust = IsOwn ? Trust.Own : Trust.Guest;
            Admitted(this);
        }
    }

    private void Settle(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket message:
                Queue(-message.Payload.Length);
                Sent(message);
                break;
            case MqttPingRespPacket or MqttSubAckPacket or MqttUnsubAckPacket or MqttPubAckPacket or MqttPubRecPacket or MqttPubRelPacket or MqttPubCompPacket:
                Interlocked.Decrement(ref _owed);
                break;
        }
    }

    /// <summary>
    /// The server says goodbye to one client after the other, and while another takes its id: it does not wait long for one that does not read.
    /// </summary>
    private async Task SayGoodbyeAsync(MqttPacket packet)
    {
        using var limit = new CancellationTokenSource(FarewellLimit);
        try
        {
            await _inner.SendPacketAsync(packet, limit.Token).WaitAsync(FarewellLimit, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or TimeoutException)
        {
            Stuck(this, "did not read when it was to go");
        }
    }
}
