using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration;

/// <summary>A rigid transform from a camera's optical frame into another frame, as a calibration file gives it.</summary>
/// <param name="Reference">The other frame: another camera of the file by its name, <c>imu</c> or <c>body</c>.</param>
/// <param name="Matrix">4 × 4, row by row: a point of the camera's optical frame in metres becomes one of the reference.</param>
public sealed record CameraPose(string Reference, ImmutableArray<double> Matrix)
{
    /// <summary>Metres between the two origins.</summary>
    public double Distance => Math.Sqrt((Matrix[3] * Matrix[3]) + (Matrix[7] * Matrix[7]) + (Matrix[11] * Matrix[11]));

    /// <summary>How far the rotation is from one: the largest entry of |RᵀR − 1|.</summary>
    public double Skewness
    {
        get
        {
            double largest = 0;
            for (int i = 0; i < 3; i++)
            {
                for (int j = 0; j < 3; j++)
                {
                    double dot = (Matrix[i] * Matrix[j]) + (Matrix[4 + i] * Matrix[4 + j]) + (Matrix[8 + i] * Matrix[8 + j]);
                    largest = Math.Max(largest, Math.Abs(dot - (i == j ? 1 : 0)));
                }
            }

            return largest;
        }
    }

    /// <summary>Determinant of the rotation: 1, or −1 when it mirrors.</summary>
    public double Determinant =>
        (Matrix[0] * ((Matrix[5] * Matrix[10]) - (Matrix[6] * Matrix[9])))
        - (Matrix[1] * ((Matrix[4] * Matrix[10]) - (Matrix[6] * Matrix[8])))
        + (Matrix[2] * ((Matrix[4] * Matrix[9]) - (Matrix[5] * Matrix[8])));

    /// <summary>Two poses are equal when their frames and every number are.</summary>
    public bool Equals(CameraPose? other) => other is not null && Reference == other.Reference && Matrix.AsSpan().SequenceEqual(other.Matrix.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Reference, Matrix.Length > 3 ? Matrix[3] : 0);

    /// <summary>The transform in the other direction, row by row; exact for a rotation.</summary>
    internal static ImmutableArray<double> Invert(ReadOnlySpan<double> m)
    {
        double[] inverse = new double[16];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                inverse[(4 * i) + j] = m[(4 * j) + i];
            }

            inverse[(4 * i) + 3] = -((m[i] * m[3]) + (m[4 + i] * m[7]) + (m[8 + i] * m[11]));
        }

        inverse[15] = 1;
        return [.. inverse];
    }
}
