using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Calibration;

/// <summary>One row of <see cref="LensModels"/>: everything there is to know about a distortion model.</summary>
/// <param name="Model">Which one.</param>
/// <param name="Name">Its name in camera_info files and messages.</param>
/// <param name="Coefficients">The names of its coefficients, in order.</param>
/// <param name="Counts">How many of them may be given, ascending.</param>
/// <param name="Create">Makes the lens from as many coefficients as allowed; of none only when <see cref="MayBeEmpty"/>.</param>
internal sealed record LensModel(
    DistortionModel Model, string Name, string Coefficients, ImmutableArray<int> Counts, Func<ImmutableArray<double>, Lens> Create)
{
    // Past these no lens is described, but a file was misread or damaged.
    private const double LargestCoefficient = 1e6;

    /// <summary>Other names in use, as <see cref="LensModels.Find"/> normalises them.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>True when no coefficients mean all zero.</summary>
    public bool MayBeEmpty { get; init; } = true;

    /// <summary>What is wrong with the values, or null; their number is right.</summary>
    public Func<ImmutableArray<double>, string?> Check { get; init; } = _ => null;

    /// <summary>How many coefficients stand in a file for a lens without any.</summary>
    public int DefaultCount => Model == DistortionModel.PlumbBob ? 5 : Counts[0];

    /// <summary>Takes zeros off that only pad a list to somebody's fixed length.</summary>
    public ImmutableArray<double> Unpadded(ImmutableArray<double> values)
    {
        if (values.IsDefaultOrEmpty || Counts.Contains(values.Length))
        {
            return values.IsDefault ? [] : values;
        }

        foreach (int count in Counts)
        {
            if (values.Length > count && !values.AsSpan()[count..].ContainsAnyExcept(0.0))
            {
                return values[..count];
            }
        }

        return values;
    }

    /// <summary>Says what is wrong with coefficients (after <see cref="Unpadded"/>), or null when they fit.</summary>
    public string? WhyNot(ImmutableArray<double> values)
    {
        int count = values.IsDefault ? 0 : values.Length;
        if (count == 0 && MayBeEmpty)
        {
            return null;
        }

        if (!Counts.Contains(count))
        {
            string other = Model switch
            {
                DistortionModel.PlumbBob when count is 8 or 12 or 14 => ": the model of these is rational_polynomial",
                DistortionModel.RationalPolynomial when count is 4 or 5 => ": the model of these is plumb_bob",
                _ => "",
            };
            return $"{Name} has {string.Join(" or ", Counts)} coefficients ({Coefficients}), found {count}{other}";
        }

        for (int i = 0; i < count; i++)
        {
            if (!(Math.Abs(values[i]) <= LargestCoefficient))
            {
                return string.Create(
                    CultureInfo.InvariantCulture, $"coefficient {i + 1} of {Name} is {values[i]}, expected a finite number within ±{LargestCoefficient:0}");
            }
        }

        return Check(values);
    }
}
