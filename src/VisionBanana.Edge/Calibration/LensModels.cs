using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Calibration;

/// <summary>The distortion models, one row each: their names, coefficients and lenses. Everything that asks about a model asks here.</summary>
internal static class LensModels
{
    /// <summary>In the order of <see cref="DistortionModel"/>.</summary>
    public static readonly ImmutableArray<LensModel> All =
    [
        new(DistortionModel.PlumbBob, "plumb_bob", "k1, k2, p1, p2[, k3]", [4, 5],
            k => new BrownLens(k.AsSpan()) { Model = DistortionModel.PlumbBob, Coefficients = k })
        {
            Aliases = ["radtan", "radial_tangential", "brown_conrady", "brown", "none", "pinhole", ""],
        },
        new(
            DistortionModel.RationalPolynomial, "rational_polynomial", "k1, k2, p1, p2, k3, k4, k5, k6[, s1, s2, s3, s4[, tx, ty]]", [8, 12, 14],
            k => new BrownLens(k.AsSpan()) { Model = DistortionModel.RationalPolynomial, Coefficients = k })
        {
            Aliases = ["rational", "radtan8", "thin_prism", "tilted"],
            Check = k => k.Length == 14 && !(Math.Abs(k[12]) < 1 && Math.Abs(k[13]) < 1)
                ? Outside("the sensor's tilt", Math.Max(Math.Abs(k[12]), Math.Abs(k[13])), "-1 to 1 radians") : null,
        },
        new(DistortionModel.Equidistant, "equidistant", "k1, k2, k3, k4", [4],
            k => new EquidistantLens(k.AsSpan()) { Model = DistortionModel.Equidistant, Coefficients = k })
        {
            Aliases = ["fisheye", "equi", "kannala_brandt", "kannala_brandt4", "kannala_brandt8", "kannalabrandt", "kannalabrandt4", "kannalabrandt8", "kb",
                "kb4", "kb8"],
        },
        new(
            DistortionModel.InverseBrownConrady, "inverse_brown_conrady", "k1, k2, p1, p2[, k3]", [4, 5],
            k => new InverseBrownLens(k.AsSpan()) { Model = DistortionModel.InverseBrownConrady, Coefficients = k })
        {
            Aliases = ["inverse_brown"],
        },
        new(
            DistortionModel.Omnidirectional, "omni", "xi, k1, k2, p1, p2", [5],
            k => new OmnidirectionalLens(k.AsSpan()) { Model = DistortionModel.Omnidirectional, Coefficients = k })
        {
            Aliases = ["omni_radtan", "omnidirectional", "mei"],
            MayBeEmpty = false,
            Check = k => k[0] is >= 0 and <= 100 ? null : Outside("xi", k[0], "0 to 100"),
        },
        new(
            DistortionModel.DoubleSphere, "double_sphere", "xi, alpha", [2],
            k => new DoubleSphereLens(k[0], k[1]) { Model = DistortionModel.DoubleSphere, Coefficients = k })
        {
            Aliases = ["ds"],
            MayBeEmpty = false,
            Check = k => !(k[0] is > -1 and <= 1) ? Outside("xi", k[0], "-1 to 1") : k[1] is >= 0 and <= 1 ? null : Outside("alpha", k[1], "0 to 1"),
        },
        new(
            DistortionModel.ExtendedUnified, "extended_unified", "alpha, beta", [2],
            k => new ExtendedUnifiedLens(k[0], k[1]) { Model = DistortionModel.ExtendedUnified, Coefficients = k })
        {
            Aliases = ["eucm"],
            MayBeEmpty = false,
            Check = k => !(k[0] is >= 0 and <= 1) ? Outside("alpha", k[0], "0 to 1") : k[1] is > 0 and <= 100 ? null : Outside("beta", k[1], "above 0 to 100"),
        },
        new(DistortionModel.FieldOfView, "fov", "omega", [1], k => new FieldOfViewLens(k[0]) { Model = DistortionModel.FieldOfView, Coefficients = k })
        {
            Aliases = ["atan", "field_of_view", "ftheta"],
            MayBeEmpty = false,
            Check = k => k[0] is > 1e-6 and < 3.1 ? null : Outside("omega", k[0], "above 0 to 3.1 radians"),
        },
        new(
            DistortionModel.Division, "division", "lambda", [1],
            k => new DivisionLens(k.IsDefaultOrEmpty ? 0 : k[0]) { Model = DistortionModel.Division, Coefficients = k }),
    ];

    /// <summary>The row of a model.</summary>
    public static LensModel Of(DistortionModel model) => (int)model >= 0 && (int)model < All.Length
        ? All[(int)model]
        : throw new ArgumentOutOfRangeException(nameof(model), model, "There is no such distortion model.");

    /// <summary>
    /// The model that a file or message names, or null when nobody knows it. Case, blanks and hyphens do not matter, nor what
    /// RealSense's tools put before the name.
    /// </summary>
    public static LensModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string word = name.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_').Replace('–', '_');
        foreach (string prefix in (string[])["rs2_distortion_", "distortion."])
        {
            word = word.StartsWith(prefix, StringComparison.Ordinal) ? word[prefix.Length..] : word;
        }

        return All.FirstOrDefault(m => m.Name == word || m.Aliases.Contains(word));
    }

    /// <summary>Makes the lens.</summary>
    /// <exception cref="ArgumentException">The coefficients do not fit the model.</exception>
    public static Lens Create(DistortionModel model, ImmutableArray<double> coefficients)
    {
        LensModel row = Of(model);
        return row.WhyNot(coefficients) is { } why
            ? throw new ArgumentException(why, nameof(coefficients))
            : row.Create(coefficients.IsDefault ? [] : coefficients);
    }

    /// <summary>
    /// Takes the name and the coefficients that somebody wrote to a model and its coefficients: padding zeros go, and words for
    /// "no distortion" mean none.
    /// </summary>
    /// <returns>What is wrong, or null when the two fit.</returns>
    public static string? Read(string name, ImmutableArray<double> written, out DistortionModel model, out ImmutableArray<double> coefficients)
    {
        (model, coefficients) = (DistortionModel.PlumbBob, []);
        if (Find(name) is not { } row)
        {
            return $"the distortion model '{name}' is not known: expected one of {string.Join(", ", All.Select(m => m.Name))}, none";
        }

        model = row.Model;
        ImmutableArray<double> values = written.IsDefault ? [] : written;
        if (name.Trim().ToLowerInvariant() is "none" or "pinhole")
        {
            return values.AsSpan().ContainsAnyExcept(0.0) ? $"'{name}' says that no ray is bent, and there are coefficients other than 0: name their model"
                : null;
        }

        coefficients = row.Unpadded(values);
        return row.WhyNot(coefficients);
    }

    private static string Outside(string name, double value, string range) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} is {value}, expected {range}");
}
