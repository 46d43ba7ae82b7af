using System.Buffers.Binary;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>A recorded picture, borrowed until the next one is read, and the calibration that holds for it.</summary>
internal readonly record struct RecordedPicture(ReadOnlyMemory<byte> Payload, uint Sequence, long LogTimeNs, CameraIntrinsics? Intrinsics);

/// <summary>
/// Brings recorded pictures and their camera_info together. ROS publishes both with one stamp, in no order: a picture waits until the one
/// with its stamp was read, as long as no more than a few others came in between; else the last one recorded before it holds.
/// </summary>
internal sealed class CalibratedPictures(PictureTopic topic, Func<ReadOnlyMemory<byte>, CameraIntrinsics?> calibrate)
{
    private const int MaxWaiting = 8, MaxKnown = 32;
    private const long MaxWaitingBytes = 64 << 20, MaxWaitingNs = 1_000_000_000;

    private readonly Queue<Waiting> _waiting = new();
    private readonly Stack<byte[]> _buffers = new();
    private readonly Queue<(long Stamp, CameraIntrinsics? Intrinsics)> _known = new();
    private CameraIntrinsics? _last;
    private long _waitingBytes;

    public IEnumerable<RecordedPicture> Read(IEnumerable<McapMessage> messages)
    {
        foreach (McapMessage message in messages)
        {
            long stamp = StampOf(message.Data.Span);
            if (topic.IsCameraInfo(message.Channel))
            {
                Learn(stamp, message.Data);
            }
            else if (_waiting.Count == 0 && (!topic.HasCameraInfo || Find(stamp, out _)))
            {
                _ = Find(stamp, out CameraIntrinsics? found);
                yield return new RecordedPicture(message.Data, message.Sequence, message.LogTimeNs, found);
            }
            else
            {
                Keep(message, stamp);
            }

            while (_waiting.TryPeek(out Waiting? first) && (first.IsMatched || WaitedEnough(first, message.LogTimeNs)))
            {
                yield return Take();
            }
        }

        while (_waiting.Count > 0)
        {
            yield return Take();
        }
    }

    private bool WaitedEnough(Waiting first, long nowNs) =>
        _waiting.Count > MaxWaiting || _waitingBytes > MaxWaitingBytes || nowNs - first.LogTimeNs > MaxWaitingNs;

    private void Learn(long stamp, ReadOnlyMemory<byte> payload)
    {
        _last = calibrate(payload);
        _known.Enqueue((stamp, _last));
        if (_known.Count > MaxKnown)
        {
            _known.Dequeue();
        }

        foreach (Waiting picture in _waiting)
        {
            if (picture.Stamp == stamp && stamp != 0)
            {
                (picture.Intrinsics, picture.IsMatched) = (_last, true);
            }
        }
    }

    private bool Find(long stamp, out CameraIntrinsics? intrinsics)
    {
        foreach ((long known, CameraIntrinsics? of) in _known)
        {
            if (known == stamp && stamp != 0)
            {
                intrinsics = of;
                return true;
            }
        }

        intrinsics = _last;
        return false;
    }

    private void Keep(in McapMessage message, long stamp)
    {
        byte[] buffer = _buffers.TryPop(out byte[]? free) && free.Length >= message.Data.Length
            ? free
            : GC.AllocateUninitializedArray<byte>(message.Data.Length);
        message.Data.CopyTo(buffer);
        bool isMatched = Find(stamp, out CameraIntrinsics? intrinsics);
        _waiting.Enqueue(new Waiting(buffer, message.Data.Length, message.Sequence, message.LogTimeNs, stamp)
        {
            Intrinsics = intrinsics,
            IsMatched = isMatched,
        });
        _waitingBytes += message.Data.Length;
    }

    private RecordedPicture Take()
    {
        Waiting picture = _waiting.Dequeue();
        _waitingBytes -= picture.Length;

        // Filled again at the earliest when the next message is read.
        _buffers.Push(picture.Buffer);
        return new RecordedPicture(picture.Buffer.AsMemory(0, picture.Length), picture.Sequence, picture.LogTimeNs, picture.Intrinsics);
    }

    /// <summary>The stamp of a message that begins with a std_msgs/Header; 0 = none.</summary>
    private static long StampOf(ReadOnlySpan<byte> payload)
    {
        const int Begin = CdrWriter.EncapsulationLength;
        if (payload.Length < Begin + 8)
        {
            return 0;
        }

        bool isBigEndian = (payload[1] & 1) == 0;
        (int seconds, uint nanoseconds) = isBigEndian
            ? (BinaryPrimitives.ReadInt32BigEndian(payload[Begin..]), BinaryPrimitives.ReadUInt32BigEndian(payload[(Begin + 4)..]))
            : (BinaryPrimitives.ReadInt32LittleEndian(payload[Begin..]), BinaryPrimitives.ReadUInt32LittleEndian(payload[(Begin + 4)..]));
        return (seconds * 1_000_000_000L) + nanoseconds;
    }

    private sealed record Waiting(byte[] Buffer, int Length, uint Sequence, long LogTimeNs, long Stamp)
    {
        public CameraIntrinsics? Intrinsics { get; set; }

        public bool IsMatched { get; set; }
    }
}
