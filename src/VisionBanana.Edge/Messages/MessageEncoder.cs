using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Encodes pictures as ROS 2 messages, once for all sinks. Stamps are capture times, frames the optical frame of the picture.
/// Called by one thread at a time.
/// </summary>
public sealed class MessageEncoder
{
    private readonly StreamWriter[] _writers;
    private readonly LeasePool<EncodedFrame> _pool;

    /// <summary>Creates an encoder.</summary>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    public MessageEncoder(StreamOptions options, IImageEncoder images)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(images);
        options.Check();
        _writers = [.. Streams.All.Select(stream => stream.CreateWriter(options, images)).OfType<StreamWriter>(), new ZonesWriter(), new ObjectsWriter()];
        _pool = new LeasePool<EncodedFrame>(options.PoolCapacity, pool => new EncodedFrame(pool, _writers));
    }

    /// <summary>How many encoded pictures are held by sinks now.</summary>
    public int Outstanding => _pool.Outstanding;

    /// <summary>
    /// Encodes what the options ask for and the picture holds. False when every encoded picture is still held by a sink:
    /// a drop with <see cref="DropReason.PoolExhausted"/>. The caller disposes the result.
    /// </summary>
    public bool TryEncode(PerceptionFrame frame, [NotNullWhen(true)] out EncodedFrame? encoded)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!_pool.TryRent(out encoded))
        {
            return false;
        }

        try
        {
            Encode(frame, encoded);
            return true;
        }
        catch
        {
            encoded.Dispose();
            encoded = null;
            throw;
        }
    }

    private void Encode(PerceptionFrame frame, EncodedFrame encoded)
    {
        encoded.SequenceNumber = frame.SequenceNumber;
        encoded.CapturedAt = frame.CapturedAt;
        ReadOnlySpan<MessageSlot?> slots = encoded.Slots;
        for (int i = 0; i < _writers.Length; i++)
        {
            _writers[i].Write(frame, encoded, slots[i]);
        }
    }
}
