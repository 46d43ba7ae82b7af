using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// A line through the RGB cube along which numbers u ∈ [0, 1] are painted: corners at equal steps of u, straight edges between them.
/// <see cref="Rainbow"/> is the paper's walk for metric depth; the others are its training augmentations (arXiv 2604.20329).
/// </summary>
public sealed class ColourMap
{
    private ColourMap(string name, ImmutableArray<Rgb24> corners)
    {
        Name = name;
        Corners = corners;
    }

    /// <summary>black → red → yellow → green → cyan → blue → magenta → white, exactly along seven edges of the cube.</summary>
    public static ColourMap Rainbow { get; } = new("rainbow", [.. Enumerable.Range(0, 8).Select(DepthCodec.Corner)]);

    /// <summary>Black to white.</summary>
    public static ColourMap Grey { get; } = new("grey", [new Rgb24(0, 0, 0), new Rgb24(255, 255, 255)]);

    /// <summary>Matplotlib's plasma, 51 straight pieces, within 1.8/255 of the original.</summary>
    public static ColourMap Plasma { get; } = new("plasma", Table(
        "0D08871B068D2605912F059638049A41049D4903A05102A35901A56100A76900A87100A87801A88004A88707A68E0CA49511A19C" +
        "179EA21D9AA82296AE2892B42E8DBA3388BF3984C43E7FC9447ACD4A76D24F71D6556DDA5B69DE6164E26660E66C5CE97257ED79" +
        "53F07F4FF3854BF58C46F79342F99A3EFBA139FCA835FDAF31FEB72DFEBE2AFDC627FCCE25FBD724F8DF25F6E826F3F027F0F921"));

    /// <summary>Matplotlib's inferno, 51 straight pieces, within 1.2/255 of the original.</summary>
    public static ColourMap Inferno { get; } = new("inferno", Table(
        "00000402020C0504170A072210092D160B391E0C45260C512F0A5B380962400A67490B6A510E6C59106E61136E69166E71196E78" +
        "1C6D801F6C88226A902568982766A02A63A82E5FB0315BB73557BF3952C63D4DCC4248D34743D94D3DDF5337E45A31E9612BED69" +
        "25F1711FF47918F78212F98B0BFA9407FB9D07FCA60CFCB014FBBA1FFAC42AF8CD37F6D746F4E156F2EA69F2F27DF5F992FCFFA4"));

    /// <summary>Matplotlib's viridis, 51 straight pieces, within 1/255 of the original.</summary>
    public static ColourMap Viridis { get; } = new("viridis", Table(
        "44015446085C471063481769481D6F482475472A7A46307E453781433D844142873F48893D4E8A3A538B38598C355E8D33638D31" +
        "688E2E6D8E2C718E2A768E297B8E27808E25848E23898E218E8D20928C1F978B1E9C891FA18821A58524AA8328AE802EB37C35B7" +
        "793DBC7446C06F50C46A5AC86465CB5E70CF577CD25089D54895D840A2DA37B0DD2FBDDF26CAE11FD8E219E5E419F1E51DFDE725"));

    /// <summary>Every map, the paper's walk first.</summary>
    public static ImmutableArray<ColourMap> All { get; } = [Rainbow, Plasma, Inferno, Viridis, Grey];

    /// <summary>Lower-case name, as configuration files spell it.</summary>
    public string Name { get; }

    /// <summary>The corners, at u = 0, 1/(n−1), … 1.</summary>
    public ImmutableArray<Rgb24> Corners { get; }

    /// <summary>A map of one's own.</summary>
    /// <exception cref="ConfigurationException">Fewer than two corners.</exception>
    internal static ColourMap Of(string name, ImmutableArray<Rgb24> corners) => !corners.IsDefault && corners.Length >= 2
        ? corners.SequenceEqual(Rainbow.Corners) ? Rainbow : new ColourMap(name, corners)
        : throw new ConfigurationException($"A walk has at least two corners, found {(corners.IsDefault ? 0 : corners.Length)}.");

    /// <summary>The map of a name (any case), or null.</summary>
    public static ColourMap? Find(string name) => All.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The colour at u, channels in [0, 1]; u outside [0, 1] is clamped, NaN counts as 0.</summary>
    public Vector3 At(float u)
    {
        int edges = Corners.Length - 1;
        float along = u > 0 ? Math.Min(u, 1f) * edges : 0;
        int edge = Math.Min((int)along, edges - 1);
        Vector3 from = ToVector(Corners[edge]), to = ToVector(Corners[edge + 1]);
        return (from + ((along - edge) * (to - from))) / 255f;
    }

    /// <summary>
    /// The palette of a painter with <paramref name="count"/> slots: the colours at u = k/(count − 1), channels in [0, 1].
    /// With 64 slots on the rainbow every ninth slot is a corner of the cube, exactly.
    /// </summary>
    public Vector3[] Sample(int count)
    {
        var palette = new Vector3[count];
        Sample(palette);
        return palette;
    }

    /// <summary>As <see cref="Sample(int)"/>, into the caller's memory.</summary>
    /// <exception cref="ArgumentException">Fewer than two slots.</exception>
    public void Sample(Span<Vector3> palette)
    {
        if (palette.Length < 2)
        {
            throw new ArgumentException($"A palette has at least 2 slots, found {palette.Length}.", nameof(palette));
        }

        int edges = Corners.Length - 1, last = palette.Length - 1;
        for (int k = 0; k <= last; k++)
        {
            // In whole numbers, so that a slot that falls on a corner is that corner.
            int edge = Math.Min(k * edges / last, edges - 1);
            float t = (float)((k * edges) - (edge * last)) / last;
            Vector3 from = ToVector(Corners[edge]), to = ToVector(Corners[edge + 1]);
            palette[k] = (from + (t * (to - from))) / 255f;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static Vector3 ToVector(Rgb24 colour) => new(colour.R, colour.G, colour.B);

    private static ImmutableArray<Rgb24> Table(string hex)
    {
        var corners = ImmutableArray.CreateBuilder<Rgb24>(hex.Length / 6);
        for (int i = 0; i < hex.Length; i += 6)
        {
            uint c = uint.Parse(hex.AsSpan(i, 6), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            corners.Add(new Rgb24((byte)(c >> 16), (byte)(c >> 8), (byte)c));
        }

        return corners.MoveToImmutable();
    }
}
