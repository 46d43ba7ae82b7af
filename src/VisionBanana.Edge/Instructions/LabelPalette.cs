using System.Collections;
using System.Collections.Immutable;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Class names and the colours they are to be painted in. The order is the order of the ids.</summary>
public sealed class LabelPalette : IReadOnlyList<LabelColour>, IEquatable<LabelPalette>
{
    /// <summary>The name that stands for "none of the others".</summary>
    public const string BackgroundName = "background";

    private readonly ImmutableArray<LabelColour> _entries;

    /// <summary>Creates a palette; names and colours must be unique.</summary>
    /// <exception cref="ArgumentException">A name or colour is used twice, or a name is empty.</exception>
    public LabelPalette(IEnumerable<LabelColour> entries)
    {
        _entries = [.. entries];
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var colours = new HashSet<Rgb24>();
        foreach (LabelColour entry in _entries)
        {
            if (string.IsNullOrWhiteSpace(entry.Name))
            {
                throw new ArgumentException("Every class of a palette needs a name.", nameof(entries));
            }

            if (!names.Add(entry.Name))
            {
                throw new ArgumentException($"The class '{entry.Name}' stands twice in the palette.", nameof(entries));
            }

            if (!colours.Add(entry.Colour))
            {
                throw new ArgumentException($"The colour {entry.Colour} is given to two classes: a painting could not be decoded.", nameof(entries));
            }
        }
    }

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public LabelColour this[int index] => _entries[index];

    /// <inheritdoc/>
    public IEnumerator<LabelColour> GetEnumerator() => ((IEnumerable<LabelColour>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(LabelPalette? other) => other is not null && _entries.SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelPalette);

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Length == 0 ? 0 : HashCode.Combine(_entries.Length, _entries[0], _entries[^1]);
}
