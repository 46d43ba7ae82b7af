using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Autopilot;

/// <summary>
/// Tells an autopilot (ArduPilot proximity, PX4 collision prevention) the nearest obstacles as MAVLink 2 OBSTACLE_DISTANCE over UDP, with the heartbeat
/// of a companion once per second. Without scans every direction becomes unknown: silence is never free.
/// </summary>
public sealed class ObstacleDistanceSink : IPerceptSink
{
    private const int LongestFrame = 280;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private readonly ObstacleDistanceOptions _options;
    private readonly TimeProvider _clock;
    private readonly MavlinkWriter _writer;
    private readonly ObstacleDistances _distances;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpAddress _address;
    private Socket? _socket;
    private SocketAddress? _peer;
    private Task _running = Task.CompletedTask;
    private long _sent, _lastSent, _lastScan;

    /// <summary>Checks the options; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work; all problems are told at once.</exception>
    public ObstacleDistanceSink(ObstacleDistanceOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] problems = [.. options.Problems()];
        if (problems.Length > 0)
        {
            throw new ConfigurationException(string.Join(Environment.NewLine, problems));
        }

        (_options, _clock) = (options, clock ?? TimeProvider.System);
        _writer = new MavlinkWriter((byte)options.SystemId, (byte)options.ComponentId);
        _distances = new ObstacleDistances(options.Mount);
        _distances.Forget();
        _address = UdpAddress.TryParse(options.Address, out UdpAddress address) ? address : default;
    }

    /// <inheritdoc/>
    public string Name => "obstacle_distance";

    /// <inheritdoc/>
    public string State => _socket is null ? $"{_options.Address} (not started)"
        : _peer is null ? $"{_options.Address} (nobody asked yet)"
        : $"{_options.Address} ({Interlocked.Read(ref _sent)} messages sent)";

    /// <summary>Where it is bound; with port 0 in the address, the port that was taken once started.</summary>
    public EndPoint? LocalEndPoint => _socket?.LocalEndPoint;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] found = await Dns.GetHostAddressesAsync(_address.Host, cancellationToken).ConfigureAwait(false);
            IPAddress address = found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
            var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            _socket = socket;
            if (_address.Listens)
            {
                socket.Bind(new IPEndPoint(address, _address.Port));
            }
            else
            {
                _peer = new IPEndPoint(address, _address.Port).Serialize();
            }
        }
        catch (SocketException error)
        {
            throw new TransportException(
                $"obstacle_distance cannot open {_options.Address}: {error.Message}. "
                + "Check the host, and that no other program has the port (`ss -lunp`).",
                error);
        }

        _lastScan = _clock.GetTimestamp();
        _running = Task.WhenAll(BeatAsync(_stop.Token), _address.Listens ? HearAsync(_stop.Token) : Task.CompletedTask);
    }

    /// <inheritdoc/>
    public DropReason? Show(PerceptionFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return frame.Surroundings?.Scan is { } scan ? Tell(scan, frame.Mount, frame.CapturedAt.UtcNs) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _socket?.Dispose();
        _stop.Dispose();
    }

    private DropReason? Tell(ObstacleScan scan, CameraMount? live, long utcNs)
    {
        lock (_gate)
        {
            long now = _clock.GetTimestamp();
            _lastScan = now;
            _distances.Take(scan, live);

            // A tenth of a period early is in time: cameras jitter.
            if (_lastSent != 0 && _clock.GetElapsedTime(_lastSent, now).TotalSeconds < 0.9 / _options.RateHz)
            {
                return null;
            }

            _lastSent = now;
            return Send(Message(utcNs)) ? null : DropReason.NotConnected;
        }
    }

    private ReadOnlyMemory<byte> Message(long utcNs) => _writer.Obstacles(
        (ulong)utcNs / 1000, _distances.Distances, _distances.MinCm, _distances.MaxCm, _distances.FirstDegrees, _distances.IncrementDegrees);

    private bool Send(ReadOnlyMemory<byte> frame)
    {
        if (_socket is not { } socket || Volatile.Read(ref _peer) is not { } peer)
        {
            return false;
        }

        try
        {
            socket.SendTo(frame.Span, SocketFlags.None, peer);
            Interlocked.Increment(ref _sent);
            return true;
        }
        catch (SocketException)
        {
            // Nobody listens there now, or the buffer is full: the next message may arrive.
            return false;
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Heartbeat, _clock);
        try
        {
            do
            {
                lock (_gate)
                {
                    Send(_writer.Heartbeat());
                    if (_clock.GetElapsedTime(_lastScan) > _options.Timeout)
                    {
                        _distances.Forget();
                        Send(Message((_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100));
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }

    /// <summary>Learns from datagrams that look like MAVLink whom to answer; what they say is not read.</summary>
    private async Task HearAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[LongestFrame];
        var from = new SocketAddress(_socket!.AddressFamily);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                int length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, from, cancellationToken).ConfigureAwait(false);
                if (length >= 8 && buffer[0] is 0xFD or 0xFE && !from.Equals(_peer))
                {
                    var peer = new SocketAddress(from.Family, from.Size);
                    from.Buffer[..from.Size].CopyTo(peer.Buffer);
                    Volatile.Write(ref _peer, peer);
                }
            }
            catch (SocketException)
            {
                // Too long a datagram, or an earlier answer that did not arrive.
                await Task.Delay(TimeSpan.FromMilliseconds(20), _clock, CancellationToken.None).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
