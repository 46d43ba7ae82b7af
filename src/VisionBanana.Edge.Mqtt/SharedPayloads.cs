using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Payloads of the pipeline's messages on their way to subscribers: each lies in one pooled buffer that all of them share, until the last one was
/// sent or dropped it. What a session that ended still held is left to the garbage collector.
/// </summary>
internal sealed class SharedPayloads
{
    private readonly ConditionalWeakTable<byte[], StrongBox<int>> _holders = [];

    // Not the shared one: buffers are given back by other threads than those that take them, and it keeps them per thread.
    private readonly ArrayPool<byte> _pool = ArrayPool<byte>.Create(maxArrayLength: 1 << 26, maxArraysPerBucket: 32);

    /// <summary>Copies a payload; the caller holds it until it calls <see cref="Release"/>.</summary>
    public ReadOnlySequence<byte> Rent(ReadOnlySequence<byte> payload)
    {
        int length = checked((int)payload.Length);
        byte[] buffer = _pool.Rent(length);
        payload.CopyTo(buffer);
        _holders.AddOrUpdate(buffer, new StrongBox<int>(1));
        return new ReadOnlySequence<byte>(buffer, 0, length);
    }

    /// <summary>Adds a holder; called while there is another one. Payloads that were not made here are ignored.</summary>
    public void Retain(ReadOnlySequence<byte> payload)
    {
        if (Find(payload, out _) is { } holders)
        {
            Interlocked.Increment(ref holders.Value);
        }
    }

    /// <summary>One less holds it; the last one gives the buffer back.</summary>
    public void Release(ReadOnlySequence<byte> payload)
    {
        if (Find(payload, out byte[] buffer) is { } holders && Interlocked.Decrement(ref holders.Value) == 0)
        {
            _holders.Remove(buffer);
            _pool.Return(buffer);
        }
    }

    private StrongBox<int>? Find(ReadOnlySequence<byte> payload, out byte[] buffer)
    {
        buffer = payload.IsSingleSegment && MemoryMarshal.TryGetArray(payload.First, out ArraySegment<byte> part) ? part.Array! : [];
        return _holders.TryGetValue(buffer, out StrongBox<int>? holders) ? holders : null;
    }
}
