using System.Buffers;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>One layer of one picture, encoded once for all pages under one lease. The buffer is kept and reused.</summary>
internal sealed class ViewLayer : Lease, IBufferWriter<byte>
{
    /// <summary>Layers begin at multiples of this in a message, so that a page can look at numbers in place.</summary>
    public const int Alignment = 8;

    private readonly LeasePool<ViewLayer> _pool;
    private byte[] _bytes = [];

    private ViewLayer(LeasePool<ViewLayer> pool) => _pool = pool;

    /// <summary>The picture it is of; for rays, the first picture of the camera.</summary>
    public long Sequence { get; private set; }

    /// <summary>Bytes that mean something.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes, filled up with whatever to the next multiple of <see cref="Alignment"/>.</summary>
    public ReadOnlyMemory<byte> Padded => _bytes.AsMemory(0, Align(Length));

    public static LeasePool<ViewLayer> CreatePool(int capacity) => new(capacity, pool => new ViewLayer(pool));

    public static int Align(int length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <summary>Begins a layer of a picture.</summary>
    public void Begin(long sequence) => (Sequence, Length) = (sequence, 0);

    /// <summary>Room for a layer of known size, which is then complete.</summary>
    public Span<byte> Fill(int length)
    {
        Span<byte> room = GetSpan(length)[..length];
        Advance(length);
        return room;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int needed = Length + Math.Max(sizeHint, 256) + Alignment;
        if (_bytes.Length < needed)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }

        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    protected override void OnReturned() => _pool.Return(this);
}
