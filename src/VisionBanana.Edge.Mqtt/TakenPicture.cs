using System.Buffers;
using MQTTnet;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// A picture that a worker holds: the broker gives it to nobody else while the connection lasts. It is answered on the connection that brought it, or
/// not at all.
/// </summary>
internal sealed class TakenPicture : IDisposable
{
    private readonly MqttApplicationMessageReceivedEventArgs _args;
    private byte[]? _buffer;

    public TakenPicture(MqttConnection.Session session, MqttApplicationMessageReceivedEventArgs args, CameraAddress camera, string rig, WireMessage picture,
        byte[] buffer, CaptureTime taken)
    {
        (Session, _args, Camera, Rig, Picture, _buffer, Taken) = (session, args, camera, rig, picture, buffer, taken);
    }

    /// <summary>The connection that brought it.</summary>
    public MqttConnection.Session Session { get; }

    /// <summary>Whose it is.</summary>
    public CameraAddress Camera { get; }

    /// <summary>The name of what is said of its camera.</summary>
    public string Rig { get; }

    /// <summary>sensor_msgs/CompressedImage with its envelope.</summary>
    public WireMessage Picture { get; }

    /// <summary>When it arrived here.</summary>
    public CaptureTime Taken { get; }

    /// <summary>Lets the broker forget it: from here on nobody else gets it, and the broker may bring the next one.</summary>
    public Task AcknowledgeAsync(CancellationToken cancellationToken) => _args.AcknowledgeAsync(cancellationToken);

    /// <summary>Gives its memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
