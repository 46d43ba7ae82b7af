using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VisionBanana.Edge.Configuration;

/// <summary>
/// Watches what a parser finds and ends it with an error before a document becomes deep, large, or large through aliases: a few lines of
/// text that repeat each other stand for gigabytes once they are walked.
/// </summary>
internal sealed class BoundedParser(IParser inner, TimeProvider? clock = null) : IParser
{
    /// <summary>Sections within sections, at most.</summary>
    public const int LargestDepth = 32;

    /// <summary>Keys, values, lists and sections, each counted as often as an alias repeats it, at most.</summary>
    public const int LargestCount = 200_000;

    /// <summary>How long it may take.</summary>
    public static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, int> _sizes = new(StringComparer.Ordinal);
    private readonly Stack<(string? Anchor, int Before)> _open = new();
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _begun = (clock ?? TimeProvider.System).GetTimestamp();
    private int _count;

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        if (!inner.MoveNext())
        {
            return false;
        }

        switch (inner.Current)
        {
            case AnchorAlias alias:
                Add(alias, _sizes.TryGetValue(alias.Value.Value, out int size)
                    ? size
                    : throw new YamlException(alias.Start, alias.End, $"*{alias.Value} repeats what does not stand complete before it"));
                break;
            case Scalar scalar:
                Add(scalar, 1);
                if (!scalar.Anchor.IsEmpty)
                {
                    _sizes[scalar.Anchor.Value] = 1;
                }

                break;
            case NodeEvent start:
                if (_open.Count == LargestDepth)
                {
                    throw new YamlException(start.Start, start.End, $"sections or lists stand more than {LargestDepth} deep in each other");
                }

                if (!start.Anchor.IsEmpty)
                {
                    // Until it is complete an anchor of the same name must not stand for the one before it.
                    _sizes.Remove(start.Anchor.Value);
                }

                _open.Push((start.Anchor.IsEmpty ? null : start.Anchor.Value, _count));
                Add(start, 1);
                break;
            case MappingEnd or SequenceEnd:
                (string? anchor, int before) = _open.Pop();
                if (anchor is not null)
                {
                    _sizes[anchor] = _count - before;
                }

                break;
            default:
                break;
        }

        return true;
    }

    private void Add(ParsingEvent found, int size)
    {
        if (_clock.GetElapsedTime(_begun) > LongestTime)
        {
            throw new YamlException(found.Start, found.End, $"it takes more than {LongestTime.TotalSeconds:0} s to read");
        }

        if (size > LargestCount - _count)
        {
            throw new YamlException(found.Start, found.End, $"more than {LargestCount} keys and values, repeated ones counted each time");
        }

        _count += size;
    }
}
