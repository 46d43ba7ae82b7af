namespace VisionBanana.Edge.Scale;

/// <summary>Small symmetric systems.</summary>
internal static class LinearSystem
{
    // What the pictures do not tell stays as it is: a share of the largest and of each diagonal element is added.
    private const double Damping = 1e-3;

    /// <summary>Solves in place by Cholesky; only the upper half of the matrix is read. False when it cannot be solved.</summary>
    public static bool TrySolve(Span<double> matrix, Span<double> right)
    {
        int n = right.Length;
        double largest = 0;
        for (int i = 0; i < n; i++)
        {
            largest = Math.Max(largest, matrix[(i * n) + i]);
        }

        for (int i = 0; i < n; i++)
        {
            matrix[(i * n) + i] += Damping * (matrix[(i * n) + i] + largest) + 1e-9;
        }

        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
            {
                double factor = matrix[(k * n) + i];
                for (int m = i; m < n; m++)
                {
                    matrix[(i * n) + m] -= factor * matrix[(k * n) + m];
                }

                right[i] -= factor * right[k];
            }

            double pivot = Math.Sqrt(matrix[(i * n) + i]);
            if (!(pivot > 0) || !double.IsFinite(pivot))
            {
                return false;
            }

            for (int m = i; m < n; m++)
            {
                matrix[(i * n) + m] /= pivot;
            }

            right[i] /= pivot;
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int m = i + 1; m < n; m++)
            {
                right[i] -= matrix[(i * n) + m] * right[m];
            }

            right[i] /= matrix[(i * n) + i];
        }

        return double.IsFinite(right[0]);
    }
}
