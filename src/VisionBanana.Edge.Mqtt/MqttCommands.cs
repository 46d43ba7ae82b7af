using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Commands on <c>…/instructions/set</c> and <c>…/command</c>, answered on the response topic that a command names, with its correlation data;
/// the state they change is retained on <c>…/instructions</c>.
/// </summary>
internal sealed partial class MqttCommands : IDisposable
{
    /// <summary>What the broker may send to a publisher, told in CONNECT: room for a command that is answered as too long, no more.</summary>
    public const uint MaximumPacketSize = 4 * CommandPayload.MaxBytes;

    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);

    private readonly string _setTopic, _commandTopic, _stateTopic;
    private readonly Func<MqttConnection.Session?> _current;
    private readonly AnswerTopics _answers;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _stateTurn = new(1, 1);
    private ICommandHandler? _handler;

    public MqttCommands(MqttOptions options, Func<MqttConnection.Session?> current, ILogger? log, TimeProvider? clock)
    {
        _answers = new AnswerTopics(options, clock ?? TimeProvider.System);
        _setTopic = options.Address.TopicOf(WireTopics.SetInstructionsStream);
        _commandTopic = options.Address.TopicOf(WireTopics.CommandStream);
        _stateTopic = options.Address.TopicOf(WireTopics.InstructionsStream);
        _current = current;
        _log = log ?? NullLogger.Instance;
    }

    /// <summary>Says who carries commands out.</summary>
    public void Attach(ICommandHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_handler is not null)
        {
            throw new InvalidOperationException("Commands are carried out by one pipeline: a transport is attached once.");
        }

        _handler = handler;
        handler.StateChanged += (_, _) => _ = TellStateAsync();
    }

    /// <summary>Subscribes to commands. A broker that does not allow it costs the commands, not the streams.</summary>
    public async Task SubscribeAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        if (_handler is null)
        {
            return;
        }

        // A command that was retained by mistake would be carried out again at every connection.
        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(Filter(_setTopic))
            .WithTopicFilter(Filter(_commandTopic))
            .Build();
        MqttClientSubscribeResult result = await client.SubscribeAsync(options, cancellationToken).ConfigureAwait(false);
        foreach (MqttClientSubscribeResultItem item in result.Items)
        {
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                LogNotAllowed(item.TopicFilter.Topic, item.ResultCode.ToString());
            }
        }
    }

    /// <summary>Publishes the state as it is when its turn comes, so that the last one published is the newest.</summary>
    public async Task PublishStateAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        if (_handler is null)
        {
            return;
        }

        await _stateTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            MqttApplicationMessage state = Json(_stateTopic, CommandPayload.WriteState(_handler.State), retain: true);
            if (session.Takes(state))
            {
                await session.Client.PublishAsync(state, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                LogNotTold(_stateTopic, $"the state has {state.Payload.Length} bytes and the broker accepts packets of {session.MaximumPacketSize}");
            }
        }
        finally
        {
            _stateTurn.Release();
        }
    }

    /// <summary>Carries out what was received and answers it.</summary>
    public async Task HandleAsync(IMqttClient client, MqttApplicationMessage message)
    {
        string? problem = Execute(message);
        LogCommand(message.Topic, problem ?? "done");
        if (message.ResponseTopic is not { Length: > 0 } topic)
        {
            return;
        }

        if (!_answers.TrySpend())
        {
            LogTooMany();
            return;
        }

        if (_answers.WhyNot(topic) is { } refused)
        {
            LogNotTold(topic, refused);
            return;
        }

        MqttApplicationMessage answer = Json(topic, CommandPayload.WriteAnswer(problem), retain: false);
        answer.CorrelationData = message.CorrelationData;
        using var limit = new CancellationTokenSource(SendLimit);
        try
        {
            await client.PublishAsync(answer, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            LogNotTold(topic, error.Message);
        }
    }

    public void Dispose() => _stateTurn.Dispose();

    private static MqttTopicFilter Filter(string topic) => new MqttTopicFilterBuilder()
        .WithTopic(topic)
        .WithAtLeastOnceQoS()
        .WithRetainHandling(MqttRetainHandling.DoNotSendOnSubscribe)
        .Build();

    private static MqttApplicationMessage Json(string topic, byte[] payload, bool retain) => new()
    {
        Topic = topic,
        ContentType = "application/json",
        Payload = new ReadOnlySequence<byte>(payload),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = retain,
    };

    private async Task TellStateAsync()
    {
        // Without a connection there is nothing to do: every new one begins with the state.
        if (_current() is not { } session)
        {
            return;
        }

        using var limit = new CancellationTokenSource(SendLimit);
        try
        {
            await PublishStateAsync(session, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            LogNotTold(_stateTopic, error.Message);
        }
    }

    private string? Execute(MqttApplicationMessage message)
    {
        try
        {
            // Checked before the parts are put together.
            ReadOnlyMemory<byte> payload = message.Payload.Length <= CommandPayload.MaxBytes
                ? message.Payload.ToArray()
                : throw new MessageFormatException($"Expected at most {CommandPayload.MaxBytes} bytes, found {message.Payload.Length}.");
            return message.Topic == _setTopic ? _handler!.Execute(CommandPayload.ReadInstructions(payload))
                : message.Topic == _commandTopic ? _handler!.Execute(CommandPayload.ReadCommand(payload))
                : $"no commands are expected on {message.Topic}";
        }
        catch (Exception error) when (error is MessageFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // Who asks is always answered.
            return error.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Command on {Topic}: {Result}")]
    private partial void LogCommand(string topic, string result);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The broker does not let us listen for commands on {Topic}: {Why}")]
    private partial void LogNotAllowed(string topic, string why);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Commands come faster than they are answered: this one gets no answer")]
    private partial void LogTooMany();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing could be told on {Topic}: {Why}")]
    private partial void LogNotTold(string topic, string why);
}
