using System.Buffers;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// The robot's side of a fleet: hands pictures to a broker, each once, keeps there what is said of the camera, and hears what became of the pictures.
/// Pictures go with QoS 2, so that no broker and no bridge on the way has a reason to send one again under another number; one that was cut off is
/// given up, never sent again.
/// </summary>
internal sealed class PictureSender : IAsyncDisposable
{
    private const uint RigHoldsSeconds = 86_400;

    private readonly MqttOptions _options;
    private readonly string _group;
    private readonly uint _expirySeconds;
    private readonly Action<Receipt> _heard;
    private readonly MqttConnection _connection;
    private readonly SemaphoreSlim _saying = new(1);
    private volatile Said _rig = new("", default, "", null);

    /// <summary>Prepares it; nothing is opened yet.</summary>
    /// <param name="options">Which broker, and whose pictures.</param>
    /// <param name="group">Which workers answer.</param>
    /// <param name="expirySeconds">How long a picture is worth being painted.</param>
    /// <param name="heard">Gets what became of pictures, on the thread of the connection.</param>
    /// <param name="log">Told about losses and returns.</param>
    /// <param name="clock">Measures pauses.</param>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    public PictureSender(MqttOptions options, string group, uint expirySeconds, Action<Receipt> heard, ILogger? log, TimeProvider? clock)
    {
        FleetTopics.CheckGroup(group);
        (_options, _group, _expirySeconds, _heard) = (options, group, expirySeconds, heard);
        _ = options.Address.Checked();
        string id = options.ClientId is { } own ? $"{own}-pictures" : $"vb-pictures-{options.Device}-{options.Camera}";
        MqttClientOptionsBuilder client = MqttClientSettings.Build(options, id).WithMaximumPacketSize(64 * 1024);
        var say = new MqttConversation { Prepare = Prepare, Greet = GreetAsync, Settle = SettleAsync };
        _connection = new MqttConnection(options, MqttClientSettings.Finish(client), say, clock, log);
    }

    /// <summary>Broker and state in one line.</summary>
    public string State => _connection.State;

    /// <summary>Says what workers must know of the camera: before <see cref="StartAsync"/>, and again when it changed.</summary>
    /// <param name="hash">The name of it: a hash of the text.</param>
    /// <param name="text">The text.</param>
    public Task SetRigAsync(string hash, ReadOnlyMemory<byte> text) =>
        SayAsync(new Said(hash, text, FleetTopics.Picture(_group, _options.Address, hash), null));

    /// <summary>Says it again: a broker forgets it after a day, so that what no robot says any more does not stay for good.</summary>
    public Task SayRigAsync() => SayAsync(null);

    /// <summary>Opens the connection; a broker that is not there is tried again, unless it is required.</summary>
    /// <exception cref="TransportException">It is required and not there, or does not let us in.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _connection.StartAsync(cancellationToken);

    /// <summary>Hands a picture over and waits until the broker has it; null, or why it has not.</summary>
    /// <param name="picture">sensor_msgs/CompressedImage with its envelope; the payload may be used again afterwards.</param>
    public async ValueTask<DropReason?> SendAsync(WireMessage picture)
    {
        Said rig = _rig;
        if (_connection.Current is not { } session || rig.On != session.Client)
        {
            return DropReason.NotConnected;
        }

        MqttApplicationMessage message = PublishedMessage.From(picture, rig.PictureTopic, _expirySeconds);
        message.QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce;
        if (!session.Takes(message))
        {
            return DropReason.TooLargeForBroker;
        }

        (MqttClientPublishResult? answer, DropReason? failure) = await session.PublishAsync(message, _options.SendTimeout).ConfigureAwait(false);
        return answer is null ? failure
            : answer.ReasonCode == MqttClientPublishReasonCode.NotAuthorized ? DropReason.NotAllowed
            : answer.IsSuccess ? null : DropReason.SendFailed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _saying.Dispose();
    }

    /// <summary>One after the other: what is said last is what holds.</summary>
    /// <param name="next">What holds from now on; null = what held before, said again.</param>
    private async Task SayAsync(Said? next)
    {
        await _saying.WaitAsync().ConfigureAwait(false);
        try
        {
            Said before = _rig;
            _rig = next ?? before;
            if (_connection.Current is not { } session)
            {
                return;
            }

            using var limit = new CancellationTokenSource(_options.SendTimeout);
            try
            {
                await PublishRigAsync(session, limit.Token).ConfigureAwait(false);
                if (before.Hash.Length > 0 && before.Hash != _rig.Hash)
                {
                    await session.Client.PublishAsync(Retained(before.Hash, default), limit.Token).ConfigureAwait(false);
                }
            }
            catch (Exception error)
            {
                // The next connection begins with it.
                _connection.Abandon(
                    session, limit.IsCancellationRequested ? $"the rig did not leave within {_options.SendTimeout.TotalSeconds:0.#} s" : error.Message);
            }
        }
        finally
        {
            _saying.Release();
        }
    }

    private void Prepare(IMqttClient client) => client.ApplicationMessageReceivedAsync += args =>
    {
        if (Receipt.Read(args.ApplicationMessage.Payload.ToArray()) is { } receipt)
        {
            _heard(receipt);
        }

        return Task.CompletedTask;
    };

    private async Task GreetAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        string topic = FleetTopics.Receipt(_group, _options.Address);
        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce).Build();
        MqttClientSubscribeResult result = await session.Client.SubscribeAsync(options, cancellationToken).ConfigureAwait(false);
        if (result.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
        {
            throw new TransportException($"the broker refused the subscription to {topic} ({refused.ResultCode}): give this user read access");
        }

        await _saying.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await PublishRigAsync(session, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _saying.Release();
        }
    }

    /// <summary>What changed between the greeting and now was said to nobody.</summary>
    private Task SettleAsync(MqttConnection.Session session, CancellationToken cancellationToken) =>
        _rig.On == session.Client ? Task.CompletedTask : SayAsync(null);

    /// <summary>Publishes what holds; the caller has the turn.</summary>
    private async Task PublishRigAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        Said rig = _rig;
        MqttApplicationMessage message = Retained(rig.Hash, rig.Text);
        MqttClientPublishResult result = await session.Client.PublishAsync(message, cancellationToken).ConfigureAwait(false);
        _rig = result.ReasonCode != MqttClientPublishReasonCode.NotAuthorized
            ? rig with { On = session.Client }
            : throw new TransportException($"the broker does not let us publish to {message.Topic}: give this user write access");
    }

    private MqttApplicationMessage Retained(string rig, ReadOnlyMemory<byte> text) => new()
    {
        Topic = FleetTopics.Rig(_group, _options.Address, rig),
        ContentType = "application/yaml",
        Payload = new ReadOnlySequence<byte>(text),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = true,
        MessageExpiryInterval = text.IsEmpty ? 0 : RigHoldsSeconds,
        UserProperties = [],
    };

    /// <summary>What is said of the camera, and where pictures of it go.</summary>
    /// <param name="Hash">Its name.</param>
    /// <param name="Text">Its text.</param>
    /// <param name="PictureTopic">The topic of pictures that name it.</param>
    /// <param name="On">The connection on which the broker took it; null = none.</param>
    private sealed record Said(string Hash, ReadOnlyMemory<byte> Text, string PictureTopic, IMqttClient? On);
}
