using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Keeps one connection to the broker: opens it, notices that it is lost, opens it again with back-off and jitter. MQTTnet 5 leaves that to us.
/// Every connection is a new client, so that nothing half-sent survives or is sent again; the session at the broker does survive, as long as the
/// options say, so that what waits for us there is not lost.
/// </summary>
internal sealed partial class MqttConnection : IAsyncDisposable
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    // A connection that held for so many of the shortest pauses was a good one: the next loss starts with that pause again.
    private const int StablePauses = 4;

    private readonly MqttOptions _options;
    private readonly MqttClientOptions _clientOptions;
    private readonly MqttConversation _say;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly BackOff _backOff;
    private volatile Session? _session;
    private volatile string _trouble = "not started";
    private bool _wasConnected;
    private Task _supervisor = Task.CompletedTask;

    /// <summary>Prepares a connection; nothing is opened yet.</summary>
    /// <param name="options">Which broker.</param>
    /// <param name="clientOptions">The same for MQTTnet, with the last will.</param>
    /// <param name="say">What is said on each connection.</param>
    /// <param name="clock">Measures pauses.</param>
    /// <param name="log">Told about losses and returns.</param>
    public MqttConnection(MqttOptions options, MqttClientOptions clientOptions, MqttConversation say, TimeProvider? clock, ILogger? log)
    {
        (_options, _clientOptions, _say) = (options, clientOptions, say);
        _clock = clock ?? TimeProvider.System;
        _log = log ?? NullLogger.Instance;
        _backOff = new BackOff(options.MinimumBackOff, options.MaximumBackOff);
    }

    /// <summary>The broker for people.</summary>
    public string Address => $"{(_options.Tls is null ? "mqtt" : "mqtts")}://{_options.Host}:{_options.Port}";

    /// <summary>Broker and state in one line.</summary>
    public string State => _session is { } session
        ? $"{Address} (connected{(session.MaximumPacketSize is { } size ? $", packets up to {size} bytes" : "")})"
        : $"{Address} ({_trouble})";

    /// <summary>The open connection, or null while there is none.</summary>
    public Session? Current => _session;

    /// <summary>Opens the connection and begins to watch it; a broker that is not there is tried again and again unless it is
    /// required. One that is there and does not let us in is an error: waiting does not mend that.</summary>
    /// <exception cref="TransportException">It is required and not there, or does not let us in.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // MQTTnet may have its own words for it.
            cancellationToken.ThrowIfCancellationRequested();
            _trouble = Explain(error);
            if (_options.Require || !IsAbsence(error))
            {
                throw new TransportException(
                    $"Cannot connect to the MQTT broker at {Address}: {_trouble}. Check host and port and that a broker runs there " +
                    "(e.g. `mosquitto -p 1883`), or use the embedded broker.", error);
            }

            LogAbsent(Address, _trouble);
        }

        _supervisor = SuperviseAsync();
    }

    /// <summary>Gives up a connection that does not do its work; the supervisor opens the next one.</summary>
    public void Abandon(Session session, string why)
    {
        if (Interlocked.CompareExchange(ref _session, null, session) == session)
        {
            _trouble = why;
        }

        session.Lost.TrySetResult(why);
    }

    /// <summary>Stops watching and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _supervisor.ConfigureAwait(false);
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            await CloseAsync(session).ConfigureAwait(false);
        }

        _trouble = "closed";
        _stop.Dispose();
    }

    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                if (_session is { } session)
                {
                    string why = await session.Lost.Task.WaitAsync(_stop.Token).ConfigureAwait(false);
                    _trouble = why;
                    Interlocked.CompareExchange(ref _session, null, session);
                    LogLost(Address, why);
                    session.Client.Dispose();
                    if (_clock.GetElapsedTime(session.Since) > StablePauses * _options.MinimumBackOff)
                    {
                        _backOff.Reset();
                    }
                }

                await Task.Delay(_backOff.Next(), _clock, _stop.Token).ConfigureAwait(false);
                try
                {
                    await OpenAsync(_stop.Token).ConfigureAwait(false);
                    LogBack(Address);
                }
                catch (Exception error) when (!_stop.IsCancellationRequested)
                {
                    _trouble = Explain(error);
                    LogStillAway(Address, _trouble);
                }
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // The connection is being closed, whatever an attempt under way says to that.
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        try
        {
            var lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            client.DisconnectedAsync += args =>
            {
                lost.TrySetResult(Explain(args));
                return Task.CompletedTask;
            };
            _say.Prepare(client);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_options.ConnectTimeout);

            // The first connection begins anew: what waits for an earlier process was not meant for this one.
            _clientOptions.CleanSession = !_wasConnected || _clientOptions.SessionExpiryInterval == 0;
            MqttClientConnectResult result = await client.ConnectAsync(_clientOptions, limit.Token).ConfigureAwait(false);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
            {
                throw IsPassing(result.ResultCode) ? new IOException(Explain(result)) : new TransportException(Explain(result));
            }

            _wasConnected = true;

            // MQTTnet reports 0 when CONNACK names no limit; as a limit 0 is forbidden.
            uint? maximumPacketSize = result.MaximumPacketSize is 0 ? null : result.MaximumPacketSize;
            var session = new Session(client, maximumPacketSize, lost, _clock.GetTimestamp(), this);
            await _say.Greet(session, limit.Token).ConfigureAwait(false);
            _session = session;
            await _say.Settle(session, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _session = null;
            client.Dispose();
            throw new TimeoutException($"no answer within {_options.ConnectTimeout.TotalSeconds:0.#} s");
        }
        catch
        {
            _session = null;
            client.Dispose();
            throw;
        }
    }

    private async Task CloseAsync(Session session)
    {
        using var limit = new CancellationTokenSource(FarewellLimit);
        try
        {
            await _say.Farewell(session.Client, limit.Token).ConfigureAwait(false);

            // Nobody comes back for the session.
            await session.Client.DisconnectAsync(new MqttClientDisconnectOptions { SessionExpiryInterval = 0 }, limit.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The broker is gone already; there is nobody left to tell.
        }

        session.Client.Dispose();
    }

    private static bool IsPassing(MqttClientConnectResultCode code) => code
        is MqttClientConnectResultCode.ServerUnavailable or MqttClientConnectResultCode.ServerBusy
        or MqttClientConnectResultCode.QuotaExceeded or MqttClientConnectResultCode.ConnectionRateExceeded;

    private static bool IsAbsence(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException or TransportException)
            {
                return false;
            }
        }

        return true;
    }

    private static string Explain(MqttClientDisconnectedEventArgs args) => args.Reason switch
    {
        MqttClientDisconnectReason.SessionTakenOver => "another client with the same client id took the session: give each device and camera its own name",
        MqttClientDisconnectReason.PacketTooLarge => "the broker refused a packet as too large",
        MqttClientDisconnectReason.NotAuthorized => "the broker does not allow this client to publish there",
        _ when args.Exception is { } error => Explain(error),
        _ => $"connection lost ({args.Reason})",
    };

    private static string Explain(MqttClientConnectResult result) => result.ResultCode switch
    {
        MqttClientConnectResultCode.BadUserNameOrPassword => "the broker refused user name or password",
        MqttClientConnectResultCode.NotAuthorized => "the broker does not let this client in: check user, password or certificate",
        MqttClientConnectResultCode.UnsupportedProtocolVersion => "the broker does not speak MQTT 5",
        MqttClientConnectResultCode.ClientIdentifierNotValid => "the broker refused the client id",
        _ => $"the broker answered {result.ResultCode} {result.ReasonString}".TrimEnd(),
    };

    private static string Explain(Exception error)
    {
        Exception root = error;
        while (root is not (SocketException or AuthenticationException) && root.InnerException is { } inner)
        {
            root = inner;
        }

        return root is AuthenticationException ? $"TLS failed: {(root.InnerException ?? root).Message.TrimEnd('.')}" : root.Message.TrimEnd('.');
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Cannot connect to {Address}: {Why}. The run goes on without it and tries again")]
    private partial void LogAbsent(string address, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Connection to {Address} lost: {Why}")]
    private partial void LogLost(string address, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Connected to {Address}")]
    private partial void LogBack(string address);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Address} is still away: {Why}")]
    private partial void LogStillAway(string address, string why);

    /// <summary>One connection.</summary>
    /// <param name="Client">The connected client.</param>
    /// <param name="MaximumPacketSize">What the broker accepts, from CONNACK; null = no limit.</param>
    /// <param name="Lost">Completed with the reason when it ends.</param>
    /// <param name="Since">When it was opened, time stamp of the clock.</param>
    /// <param name="Owner">What opened it.</param>
    internal sealed record Session(IMqttClient Client, uint? MaximumPacketSize, TaskCompletionSource<string> Lost, long Since, MqttConnection Owner)
    {
        /// <summary>
        /// Sends a message and gives back what the broker says, or why there is nothing: a connection that does not do it in time is given up. No
        /// caller's token: a packet cut off in the middle would ruin the connection for the status that follows.
        /// </summary>
        public async ValueTask<(MqttClientPublishResult? Answer, DropReason? Failure)> PublishAsync(MqttApplicationMessage message, TimeSpan limit)
        {
            using var end = new CancellationTokenSource(limit);
            try
            {
                return (await Client.PublishAsync(message, end.Token).ConfigureAwait(false), null);
            }
            catch (OperationCanceledException)
            {
                Owner.Abandon(this, $"a message did not leave within {limit.TotalSeconds:0.#} s");
                return (null, DropReason.SendFailed);
            }
            catch (Exception error)
            {
                bool connected = Client.IsConnected;
                Owner.Abandon(this, error.Message);
                return (null, connected ? DropReason.SendFailed : DropReason.NotConnected);
            }
        }

        /// <summary>False when the broker would end the connection over this message.</summary>
        public bool Takes(MqttApplicationMessage message) => !(PublishedMessage.PacketSize(message) > MaximumPacketSize);
    }
}
