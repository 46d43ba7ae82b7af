using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// What the scale is held against in an evaluation, read from the dataset's own depth: <c>none</c>, <c>range:CENTER</c> or <c>range:X,Y</c> (shares of width
/// and height), <c>sparse:N</c>, <c>plane</c> (the mount: painter and anchor know gravity and height), <c>imu</c> (the painter knows gravity).
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="X">Of a beam: share of the width.</param>
/// <param name="Y">Of a beam: share of the height.</param>
/// <param name="Points">Of a sparse cloud.</param>
internal readonly record struct AnchorUse(AnchorUseKind Kind, double X = 0.5, double Y = 0.5, int Points = 0)
{
    private const int MostPoints = 2000;

    /// <summary>What is expected, in words.</summary>
    public const string Expected = "none, plane, imu, range:CENTER, range:X,Y (0 to 1) or sparse:N (3 to 2000)";

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AnchorUse? use)
    {
        string[] parts = text.Split(':');
        use = (parts[0], parts.Length) switch
        {
            ("none", 1) => new AnchorUse(AnchorUseKind.None),
            ("plane", 1) => new AnchorUse(AnchorUseKind.Plane),
            ("imu", 1) => new AnchorUse(AnchorUseKind.Imu),
            ("range", 2) when parts[1].Equals("center", StringComparison.OrdinalIgnoreCase) => new AnchorUse(AnchorUseKind.Range),
            ("range", 2) => Beam(parts[1].Split(',')),
            ("sparse", 2) when int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int points) && points is >= 3 and <= MostPoints =>
                new AnchorUse(AnchorUseKind.Sparse, Points: points),
            _ => null,
        };
        return use is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        AnchorUseKind.Range => X == 0.5 && Y == 0.5 ? "range:CENTER" : string.Create(CultureInfo.InvariantCulture, $"range:{X:0.###},{Y:0.###}"),
        AnchorUseKind.Sparse => $"sparse:{Points}",
        _ => Kind.ToString().ToLowerInvariant(),
    };

    private static AnchorUse? Beam(string[] place) =>
        place.Length == 2
        && double.TryParse(place[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double x) && x <= 1
        && double.TryParse(place[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double y) && y <= 1
            ? new AnchorUse(AnchorUseKind.Range, x, y)
            : null;
}

/// <summary>Kinds of <see cref="AnchorUse"/>.</summary>
internal enum AnchorUseKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Gravity and height, as a mount tells them.</summary>
    Plane,

    /// <summary>Gravity.</summary>
    Imu,

    /// <summary>One beam.</summary>
    Range,

    /// <summary>Some points.</summary>
    Sparse,
}
