using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// The worker's side of a fleet: takes pictures through a shared subscription, so many as its receive maximum allows, and answers each on the connection
/// that brought it. A picture is acknowledged before its percepts leave, on the same connection: a broker that hands it to another worker has not seen
/// the acknowledgement, so that it has not seen the percepts either. Every connection begins a new session: nothing is brought to this worker twice.
/// </summary>
internal sealed partial class PictureTaker : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500), ClaimLimit = TimeSpan.FromSeconds(3), Correcting = TimeSpan.FromSeconds(1);

    private readonly MqttOptions _options;
    private readonly PictureTakerOptions _own;
    private readonly MqttConnection _connection;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Channel<TakenPicture> _taken;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _rigs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _ended = new();
    private readonly string _modelTopic, _rigRoot;
    private volatile TaskCompletionSource<GroupModel>? _firstModel;
    private volatile bool _wasFirst;
    private long _malformed, _tooMany, _correctedAt;

    /// <summary>Prepares it; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    public PictureTaker(MqttOptions options, PictureTakerOptions own, ILogger? log, TimeProvider? clock)
    {
        FleetTopics.CheckGroup(own.Group);
        (_options, _own, _log, _clock) = (options, own, log ?? NullLogger.Instance, clock ?? TimeProvider.System);
        _modelTopic = FleetTopics.Model(own.Group);
        _rigRoot = $"{FleetTopics.Root}{own.Group}/";
        _taken = Channel.CreateBounded<TakenPicture>(new BoundedChannelOptions((2 * own.Waiting) + 1) { SingleReader = true });

        // No more than is asked for is ever on its way: memory is bounded by that.
        MqttClientOptionsBuilder client = MqttClientSettings.Build(options, own.Worker)
            .WithReceiveMaximum((ushort)own.Waiting)
            .WithMaximumPacketSize((uint)Math.Min((2L * own.MaxPictureBytes) + 65_536, int.MaxValue));
        var say = new MqttConversation { Prepare = _ => { }, Greet = ClaimAsync, Settle = SubscribeAsync };
        _connection = new MqttConnection(options, MqttClientSettings.Finish(client), say, clock, log);
    }

    /// <summary>Broker and state in one line.</summary>
    public string State => _connection.State;

    /// <summary>The connection, or null while there is none.</summary>
    public MqttConnection.Session? Current => _connection.Current;

    /// <summary>The pictures in the order in which the broker brought them; who takes one disposes it.</summary>
    public ChannelReader<TakenPicture> Pictures => _taken.Reader;

    /// <summary>Messages that were no pictures of the group.</summary>
    public long MalformedCount => Interlocked.Read(ref _malformed);

    /// <summary>Pictures beyond the receive maximum, which a broker must not send.</summary>
    public long TooManyCount => Interlocked.Read(ref _tooMany);

    /// <summary>Opens the connection and takes pictures from then on.</summary>
    /// <exception cref="TransportException">The broker is required and not there, does not let us in, or the group paints with another model.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _connection.StartAsync(cancellationToken).ConfigureAwait(false);
        _ = SayModelAsync();
    }

    /// <summary>The text of a rig, from the broker; null when it has none, or one of another content.</summary>
    public async Task<byte[]?> FindRigAsync(TakenPicture picture, TimeSpan limit, CancellationToken cancellationToken)
    {
        string topic = FleetTopics.Rig(_own.Group, picture.Camera, picture.Rig);
        var found = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _rigs[topic] = found;
        try
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            time.CancelAfter(limit);
            // QoS 0: the receive maximum is for pictures, and the one that waits for this has taken it up.
            MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic, MqttQualityOfServiceLevel.AtMostOnce).Build();
            await picture.Session.Client.SubscribeAsync(options, time.Token).ConfigureAwait(false);
            byte[] text = await found.Task.WaitAsync(time.Token).ConfigureAwait(false);
            return text;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoRig(topic, error.Message);
            return null;
        }
        finally
        {
            _rigs.TryRemove(topic, out _);
            await UnsubscribeAsync(picture.Session, topic, limit).ConfigureAwait(false);
        }
    }

    private async Task UnsubscribeAsync(MqttConnection.Session session, string topic, TimeSpan most)
    {
        using var limit = new CancellationTokenSource(most);
        try
        {
            await session.Client.UnsubscribeAsync(topic, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            LogNotUnsubscribed(topic, error.Message);
        }
    }

    /// <summary>Tells a robot what became of a picture, on the connection that brought it; false when that is gone.</summary>
    public async Task<bool> TellAsync(TakenPicture picture, Receipt receipt)
    {
        var message = new MqttApplicationMessage
        {
            Topic = FleetTopics.Receipt(_own.Group, picture.Camera),
            ContentType = "application/json",
            Payload = new ReadOnlySequence<byte>(receipt.Write()),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            MessageExpiryInterval = 60,
            UserProperties = [],
        };
        using var limit = new CancellationTokenSource(_options.SendTimeout);
        try
        {
            await picture.Session.Client.PublishAsync(message, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception error)
        {
            Abandon(picture, error.Message);
            return false;
        }
    }

    /// <summary>Asks the broker for no more pictures; those that it queued for this worker still come as others are acknowledged.</summary>
    public async Task StopAsync()
    {
        if (_connection.Current is { } session)
        {
            await UnsubscribeAsync(session, FleetTopics.Shared(_own.Group), _options.SendTimeout).ConfigureAwait(false);
        }
    }

    /// <summary>Gives up the connection that brought a picture.</summary>
    public void Abandon(TakenPicture picture, string why) => _connection.Abandon(picture.Session, why);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ended.IsCancellationRequested)
        {
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        _taken.Writer.TryComplete();
        while (_taken.Reader.TryRead(out TakenPicture? left))
        {
            left.Dispose();
        }

        _ended.Dispose();
    }

    /// <summary>Before a picture is taken: the group's model is ours, or we are not of the group.</summary>
    private async Task ClaimAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        var first = new TaskCompletionSource<GroupModel>(TaskCreationOptions.RunContinuationsAsynchronously);
        _firstModel = first;
        session.Client.ApplicationMessageReceivedAsync += args => HearAsync(session, args);
        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(_modelTopic, MqttQualityOfServiceLevel.AtMostOnce).Build();
        MqttClientSubscribeResult result = await session.Client.SubscribeAsync(options, cancellationToken).ConfigureAwait(false);
        Check(result, _modelTopic);

        // Who is there already is heard at once. If nobody is, the first claim that the broker passes on counts, for all workers alike.
        if (await Task.WhenAny(first.Task, Task.Delay(Quiet, _clock, cancellationToken)).ConfigureAwait(false) != first.Task)
        {
            await session.Client.PublishAsync(OwnModel().Message(_own.Group), cancellationToken).ConfigureAwait(false);
        }

        GroupModel claimed = await first.Task.WaitAsync(ClaimLimit, _clock, cancellationToken).ConfigureAwait(false);
        if (!claimed.IsSame(OwnModel()))
        {
            throw new TransportException(
                $"the group '{_own.Group}' paints with {claimed.Model} ({Short(claimed.Sha256)}, says {claimed.Worker}), this worker has {_own.Model} "
                + $"({Short(_own.ModelSha256)}): percepts of one camera are of one model. Give this worker that model or another group, or end the group's "
                + $"workers and wait {GroupModel.Holds.TotalSeconds:0} s");
        }
    }

    private async Task SubscribeAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        string filter = FleetTopics.Shared(_own.Group);
        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce).Build();
        Check(await session.Client.SubscribeAsync(options, cancellationToken).ConfigureAwait(false), filter);
    }

    private static void Check(MqttClientSubscribeResult result, string filter)
    {
        if (result.Items.FirstOrDefault(i => i.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
        {
            throw new TransportException($"the broker refused the subscription to {filter} ({refused.ResultCode}): give this user read access, or take a "
                + "broker with shared subscriptions");
        }
    }

    private GroupModel OwnModel() => new(_own.Model, _own.ModelSha256, _own.Worker, CaptureTime.Now(_clock).UtcNs);

    private async Task SayModelAsync()
    {
        using var timer = new PeriodicTimer(GroupModel.Period, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                if (_connection.Current is { } session)
                {
                    await SayModelAsync(session).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The worker ends.
        }
    }

    private async Task SayModelAsync(MqttConnection.Session session)
    {
        try
        {
            await session.Client.PublishAsync(OwnModel().Message(_own.Group), _ended.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _connection.Abandon(session, error.Message);
        }
    }

    private Task HearAsync(MqttConnection.Session session, MqttApplicationMessageReceivedEventArgs args)
    {
        MqttApplicationMessage message = args.ApplicationMessage;
        if (message.Topic == _modelTopic)
        {
            if (GroupModel.Read(message.Payload.ToArray()) is { } model)
            {
                HearModel(session, model);
            }
        }
        else if (FleetTopics.TryPicture(message.Topic, _own.Group, out CameraAddress camera, out string? rig))
        {
            return TakeAsync(session, args, camera, rig);
        }
        else if (message.Topic.StartsWith(_rigRoot, StringComparison.Ordinal) && _rigs.TryGetValue(message.Topic, out TaskCompletionSource<byte[]>? wanted))
        {
            wanted.TrySetResult(message.Payload.ToArray());
        }

        return Task.CompletedTask;
    }

    private void HearModel(MqttConnection.Session session, GroupModel model)
    {
        if (_firstModel is { } first && first.TrySetResult(model))
        {
            _wasFirst = model.Worker == _own.Worker;
            return;
        }

        // Somebody came later and says something else: what the broker keeps is what the group said first. One worker says so, and seldom: where many
        // answered each claim of many, claims would multiply.
        if (_wasFirst && !model.IsSame(OwnModel()) && _connection.Current == session && MayCorrect())
        {
            LogOtherModel(model.Worker, model.Model);
            _ = SayModelAsync(session);
        }
    }

    private bool MayCorrect()
    {
        long before = Interlocked.Read(ref _correctedAt), now = _clock.GetTimestamp();
        return (before == 0 || _clock.GetElapsedTime(before, now) >= Correcting) && Interlocked.CompareExchange(ref _correctedAt, now, before) == before;
    }

    private async Task TakeAsync(MqttConnection.Session session, MqttApplicationMessageReceivedEventArgs args, CameraAddress camera, string rig)
    {
        args.AutoAcknowledge = false;
        ReadOnlySequence<byte> payload = args.ApplicationMessage.Payload;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(payload.Length, 1));
        payload.CopyTo(buffer);
        TakenPicture? picture = null;
        try
        {
            WireMessage wire = MqttListener.Envelope(args.ApplicationMessage, Streams.Color, buffer.AsMemory(0, (int)payload.Length));
            picture = new TakenPicture(session, args, camera, rig, wire, buffer, CaptureTime.Now(_clock));
        }
        catch (MessageFormatException)
        {
            Interlocked.Increment(ref _malformed);
        }

        if (picture is not null && _taken.Writer.TryWrite(picture))
        {
            return;
        }

        if (picture is not null)
        {
            Interlocked.Increment(ref _tooMany);
            picture.Dispose();
        }
        else
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await args.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} says that the group paints with {Model}: it came later, its claim is replaced")]
    private partial void LogOtherModel(string worker, string model);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The subscription to {Topic} could not be ended: {Why}")]
    private partial void LogNotUnsubscribed(string topic, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Topic} was not found on the broker: {Why}")]
    private partial void LogNoRig(string topic, string why);
}
