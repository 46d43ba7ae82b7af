using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// State comes with every picture and is sent when it says something new: remembers for each stream what was said last, and what a transport keeps of it
/// for those who come later. Written by one thread at a time, read by any.
/// </summary>
/// <typeparam name="T">What a transport keeps.</typeparam>
public sealed class KeptStates<T>
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>The streams of which something is kept.</summary>
    public IEnumerable<string> Streams => _entries.Keys;

    /// <summary>What is kept of every stream.</summary>
    public IEnumerable<T> All => _entries.Values.Select(entry => entry.Kept);

    /// <summary>What is kept of a message that says what its stream said last; false when it is new. Allocates nothing.</summary>
    public bool IsKnown(WireMessage message, [MaybeNullWhen(false)] out T kept)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_entries.TryGetValue(message.Stream, out Entry? last) && ReferenceEquals(last.Message, message) && last.Payload.Equals(message.Payload))
        {
            kept = last.Kept;
            return true;
        }

        kept = default;
        return false;
    }

    /// <summary>Keeps what a message says instead of what its stream said before.</summary>
    public T Keep(WireMessage message, T kept)
    {
        ArgumentNullException.ThrowIfNull(message);
        _entries[message.Stream] = new Entry(message, message.Payload, kept);
        return kept;
    }

    /// <summary>Forgets a stream: its next message is new.</summary>
    public void Forget(string stream) => _entries.TryRemove(stream, out _);

    private sealed record Entry(WireMessage Message, ReadOnlyMemory<byte> Payload, T Kept);
}
