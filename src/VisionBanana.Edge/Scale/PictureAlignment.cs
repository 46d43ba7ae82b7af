namespace VisionBanana.Edge.Scale;

/// <summary>
/// How the camera moved between two pictures, by bringing the grey values of the first, with its depth, over the second: Gauss-Newton steps on six numbers
/// with robust weights (direct visual odometry, Kerl et al. 2013). Lengths are in units of the first picture's median depth.
/// </summary>
internal static class PictureAlignment
{
    private const int Steps = 10, Unknowns = 6;

    // Grey values have standard deviation 1; beyond this a pixel is a thing that moved.
    private const double Robust = 0.25, LargestStep = 0.15;

    // A pan looks much like a step aside: between the two, none of the depth speaking, it was a pan.
    private const double ShiftPrior = 0.5;

    /// <summary>Improves a motion.</summary>
    public static Motion Refine(LowPicture from, LowPicture to, double unit, Motion motion, int stride)
    {
        Span<double> normal = stackalloc double[Unknowns * Unknowns], right = stackalloc double[Unknowns];
        double before = double.PositiveInfinity;
        Motion best = motion;
        for (int i = 0; i < Steps; i++)
        {
            double cost = Accumulate(from, to, unit, motion, stride, normal, right);
            if (!(cost < before))
            {
                break;
            }

            (best, before) = (motion, cost);
            PreferTurning(from, stride, motion, normal, right);
            if (!LinearSystem.TrySolve(normal, right))
            {
                break;
            }

            double length = 0;
            foreach (double value in right)
            {
                length = Math.Max(length, Math.Abs(value));
            }

            if (!(length > 1e-5))
            {
                break;
            }

            double shorten = Math.Min(1, LargestStep / length);
            foreach (ref double value in right)
            {
                value *= shorten;
            }

            motion = motion.Then(right);
        }

        return best;
    }

    /// <summary>The mean robust cost of a motion.</summary>
    public static double Cost(LowPicture from, LowPicture to, double unit, in Motion motion) => Accumulate(from, to, unit, motion, 1, [], []);

    private static void PreferTurning(LowPicture from, int stride, in Motion motion, Span<double> normal, Span<double> right)
    {
        double prior = ShiftPrior * from.Grey.Length / (stride * stride);
        ReadOnlySpan<double> shift = [motion.X, motion.Y, motion.Z];
        for (int a = 0; a < shift.Length; a++)
        {
            normal[(a * Unknowns) + a] += prior;
            right[a] -= prior * shift[a];
        }
    }

    private static double Accumulate(
        LowPicture from, LowPicture to, double unit, in Motion motion, int stride, Span<double> normal, Span<double> right)
    {
        normal.Clear();
        right.Clear();
        double cost = 0;
        int seen = 0;
        Span<double> j = stackalloc double[Unknowns];
        for (int row = 0; row < from.Height; row += stride)
        {
            for (int column = 0; column < from.Width; column += stride)
            {
                int i = (row * from.Width) + column;
                double depth = from.Depth[i] / unit;
                if (double.IsNaN(depth))
                {
                    continue;
                }

                (double x, double y, double z) = motion.Apply((column - from.Cx) / from.Fx * depth, (row - from.Cy) / from.Fy * depth, depth);
                if (!(z > 0.02) || !to.TrySample((to.Fx * x / z) + to.Cx, (to.Fy * y / z) + to.Cy, out double value, out double slopeX, out double slopeY))
                {
                    continue;
                }

                double off = value - from.Grey[i], weight = Math.Abs(off) <= Robust ? 1 : Robust / Math.Abs(off);
                cost += weight * off * off;
                seen++;
                if (normal.IsEmpty)
                {
                    continue;
                }

                double gx = slopeX * to.Fx / z, gy = slopeY * to.Fy / z, gz = -((gx * x) + (gy * y)) / z;
                (j[0], j[1], j[2]) = (gx, gy, gz);
                (j[3], j[4], j[5]) = ((gz * y) - (gy * z), (gx * z) - (gz * x), (gy * x) - (gx * y));
                for (int a = 0; a < Unknowns; a++)
                {
                    double scaled = weight * j[a];
                    right[a] -= scaled * off;
                    for (int b = a; b < Unknowns; b++)
                    {
                        normal[(a * Unknowns) + b] += scaled * j[b];
                    }
                }
            }
        }

        // A motion that leaves little of the picture to compare would look perfect.
        return seen * 4 * stride * stride < from.Grey.Length ? double.PositiveInfinity : cost / seen;
    }
}
