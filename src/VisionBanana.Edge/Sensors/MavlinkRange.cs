using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>
/// Range finders of an autopilot: MAVLink DISTANCE_SENSOR (132) in UDP datagrams. One orientation counts; what is shorter than the sensor's
/// least or at its greatest distance saw nothing. Stamps are times of arrival: MAVLink counts from the start of the autopilot.
/// </summary>
public sealed class MavlinkRange : ISensorLink
{
    /// <summary>MAV_SENSOR_ROTATION_NONE: ahead.</summary>
    public const int Forward = 0;

    /// <summary>MAV_SENSOR_ROTATION_PITCH_270: straight down.</summary>
    public const int Down = 25;

    private const int MaxDatagram = 65_536, LeastQuality = 2;

    private readonly IPEndPoint _local;
    private readonly int _orientation;
    private readonly Func<double, AnchorRefusal> _push;
    private readonly AnchorCounts _counts;
    private readonly CancellationTokenSource _stop = new();
    private Socket? _socket;
    private Task _receiving = Task.CompletedTask;
    private long _datagrams;

    /// <summary>Brings the distances of a beam.</summary>
    /// <param name="local">Where datagrams arrive, e.g. 127.0.0.1:14550.</param>
    /// <param name="feed">Gets the distances.</param>
    /// <param name="orientation">MAV_SENSOR_ORIENTATION that counts.</param>
    public MavlinkRange(IPEndPoint local, RangeFeed feed, int orientation = Forward)
        : this(local, orientation, metres => feed.Push(metres), (feed ?? throw new ArgumentNullException(nameof(feed))).Counts)
    {
    }

    /// <summary>Brings the height above the ground.</summary>
    /// <param name="local">Where datagrams arrive.</param>
    /// <param name="feed">Gets the heights.</param>
    public MavlinkRange(IPEndPoint local, MountFeed feed)
        : this(local, Down, metres => feed.PushHeight(metres), (feed ?? throw new ArgumentNullException(nameof(feed))).Counts)
    {
    }

    private MavlinkRange(IPEndPoint local, int orientation, Func<double, AnchorRefusal> push, AnchorCounts counts)
    {
        ArgumentNullException.ThrowIfNull(local);
        (_local, _orientation, _push, _counts) = (local, orientation, push, counts);
    }

    /// <inheritdoc/>
    public string Name => "mavlink";

    /// <summary>Where datagrams arrive, once started.</summary>
    public EndPoint? LocalEndPoint => _socket?.LocalEndPoint;

    /// <inheritdoc/>
    public string State => $"udp {_local} ({Interlocked.Read(ref _datagrams)} datagrams), {SensorState.Of(_counts)}";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var socket = new Socket(_local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(_local);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new TransportException($"Cannot listen for MAVLink on UDP {_local}: {error.Message}. Is another program bound to it?", error);
        }

        _socket = socket;
        _receiving = Task.Run(ReceiveAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await _receiving.ConfigureAwait(false);
        _socket?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Takes what one datagram holds; never throws.</summary>
    internal void Take(ReadOnlySpan<byte> datagram)
    {
        Span<byte> payload = stackalloc byte[256];
        while (MavlinkFrame.TryRead(ref datagram, payload, out MavlinkMessage message))
        {
            if (message == MavlinkMessage.DistanceSensor && payload[12] == _orientation)
            {
                _push(MetresOf(payload));
            }
        }
    }

    /// <summary>The distance, or NaN where the sensor says that it saw nothing.</summary>
    private static double MetresOf(ReadOnlySpan<byte> payload)
    {
        int least = BinaryPrimitives.ReadUInt16LittleEndian(payload[4..]), most = BinaryPrimitives.ReadUInt16LittleEndian(payload[6..]);
        int centimetres = BinaryPrimitives.ReadUInt16LittleEndian(payload[8..]);

        // 0 = the quality is not told, 1 = the signal is invalid.
        bool isGood = payload[38] is 0 or >= LeastQuality;
        return isGood && centimetres >= least && (most == 0 || centimetres < most) ? centimetres / 100.0 : double.NaN;
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[MaxDatagram];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                int length = await _socket!.ReceiveAsync(buffer, SocketFlags.None, _stop.Token).ConfigureAwait(false);
                Interlocked.Increment(ref _datagrams);
                Take(buffer.AsSpan(0, length));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // An answer that never comes of an address we never asked; the next datagram may be good.
            }
        }
    }
}
