using System.Collections.Immutable;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Navigation;

/// <summary>Which class ids bear one of some names, looked up once per palette.</summary>
internal sealed class ClassFilter(ImmutableArray<string> names)
{
    private readonly bool[] _has = new bool[ushort.MaxValue + 1];
    private LabelPalette? _palette;

    /// <summary>By class id; empty when no id can bear one of the names.</summary>
    public ReadOnlySpan<bool> For(LabelPalette? palette)
    {
        if (palette is null || names.IsDefaultOrEmpty)
        {
            return [];
        }

        if (!ReferenceEquals(palette, _palette))
        {
            _palette = palette;
            Array.Clear(_has);
            foreach (LabelColour entry in palette)
            {
                if (entry.Id is >= 0 and < ushort.MaxValue && names.Contains(entry.Name, StringComparer.OrdinalIgnoreCase))
                {
                    _has[entry.Id] = true;
                }
            }
        }

        return _has;
    }
}
