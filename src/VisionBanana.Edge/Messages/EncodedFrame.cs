using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// All messages of one picture under one lease, encoded once for every sink. Ownership: see <see cref="Lease"/>.
/// Buffers are kept and reused: once warm, encoding allocates nothing.
/// </summary>
public sealed class EncodedFrame : Lease
{
    private readonly LeasePool<EncodedFrame> _pool;
    private readonly List<WireMessage> _messages = new(Streams.All.Length);
    private readonly MessageSlot?[] _slots;

    internal EncodedFrame(LeasePool<EncodedFrame> pool, StreamWriter[] writers)
    {
        _pool = pool;
        _slots = Array.ConvertAll(writers, writer => writer.CreateSlot());
    }

    /// <summary>
    /// State first (camera_info, label_info, tf_static: the same objects in every picture until they change, so that none is missed when
    /// pictures are dropped and transports can tell it is not new), then the streams, small before large.
    /// Valid while the lease is held.
    /// </summary>
    public IReadOnlyList<WireMessage> Messages
    {
        get
        {
            Use();
            return _messages;
        }
    }

    /// <summary>The sequence number of the camera frame.</summary>
    public long SequenceNumber { get; internal set; }

    /// <summary>When the picture was taken.</summary>
    public CaptureTime CapturedAt { get; internal set; }

    /// <summary>Bytes of all payloads.</summary>
    public long PayloadBytes
    {
        get
        {
            long sum = 0;
            foreach (WireMessage message in _messages)
            {
                sum += message.Payload.Length;
            }

            return sum;
        }
    }

    /// <summary>The buffers of the streams, in the order of the encoder's writers.</summary>
    internal ReadOnlySpan<MessageSlot?> Slots => _slots;

    internal void AddState(WireMessage message) => _messages.Add(message);

    internal void Add(WireMessage message, PerceptionFrame frame, string frameId)
    {
        message.SequenceNumber = frame.SequenceNumber;
        message.CapturedNs = frame.CapturedAt.UtcNs;
        message.FrameId = frameId;
        _messages.Add(message);
    }

    /// <inheritdoc/>
    protected override void OnReturned()
    {
        _messages.Clear();
        _pool.Return(this);
    }
}
