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

        Background = IndexOf(BackgroundName);
        RemainderColour = Background >= 0 ? _entries[Background].Colour : FarthestColour(_entries.AsSpan());
    }

    /// <summary>Index of the entry named <see cref="BackgroundName"/>, −1 when there is none.</summary>
    public int Background { get; }

    /// <summary>
    /// The colour of everything that is not asked for. With a background entry it is that entry's colour; without one it is the
    /// colour farthest from all entries, in which a painter paints the rest and which decodes to
    /// <see cref="Imaging.LabelPlane.Unknown"/>.
    /// </summary>
    public Rgb24 RemainderColour { get; }

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public LabelColour this[int index] => _entries[index];

    /// <summary>Index of the entry with this name (case does not matter), −1 when there is none.</summary>
    public int IndexOf(string name)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            if (string.Equals(_entries[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public IEnumerator<LabelColour> GetEnumerator() => ((IEnumerable<LabelColour>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(LabelPalette? other) => other is not null && _entries.SequenceEqual(other._entries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LabelPalette);

    /// <inheritdoc/>
    public override int GetHashCode() => _entries.Length == 0 ? 0 : HashCode.Combine(_entries.Length, _entries[0], _entries[^1]);

    /// <summary>Of a 5 × 5 × 5 grid over the RGB cube, the colour whose nearest entry is farthest; black wins a tie.</summary>
    private static Rgb24 FarthestColour(ReadOnlySpan<LabelColour> entries)
    {
        ReadOnlySpan<byte> levels = [0, 64, 128, 192, 255];
        Rgb24 best = default;
        int bestDistance = -1;
        foreach (byte r in levels)
        {
            foreach (byte g in levels)
            {
                foreach (byte b in levels)
                {
                    var candidate = new Rgb24(r, g, b);
                    int nearest = int.MaxValue;
                    foreach (LabelColour entry in entries)
                    {
                        nearest = Math.Min(nearest, Rgb24.SquaredDistance(candidate, entry.Colour));
                    }

                    if (nearest > bestDistance)
                    {
                        (best, bestDistance) = (candidate, nearest);
                    }
                }
            }
        }

        return best;
    }
}
