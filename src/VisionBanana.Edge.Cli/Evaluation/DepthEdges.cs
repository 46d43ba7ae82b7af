namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Finds where the true depth jumps.</summary>
internal static class DepthEdges
{
    /// <summary>Two neighbours that differ by more than this fraction have an edge between them.</summary>
    public const double Jump = 0.1;

    /// <summary>So many pixels to each side of an edge belong to it.</summary>
    public const int Reach = 3;

    /// <summary>True for pixels within <see cref="Reach"/> of an edge, in any direction.</summary>
    /// <param name="depth">Metres; NaN = not measured, which makes no edge.</param>
    /// <param name="width">Pixels per row.</param>
    public static bool[] Near(ReadOnlySpan<float> depth, int width)
    {
        int height = depth.Length / width;
        bool[] near = new bool[depth.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int i = (y * width) + x;
                if (x + 1 < width && Jumps(depth[i], depth[i + 1]))
                {
                    Fill(near, width, x - Reach + 1, y - Reach, x + Reach, y + Reach);
                }

                if (y + 1 < height && Jumps(depth[i], depth[i + width]))
                {
                    Fill(near, width, x - Reach, y - Reach + 1, x + Reach, y + Reach);
                }
            }
        }

        return near;
    }

    private static bool Jumps(float a, float b) => Math.Abs(a - b) > Jump * Math.Min(a, b);

    private static void Fill(bool[] near, int width, int left, int top, int right, int bottom)
    {
        (left, right) = (Math.Max(left, 0), Math.Min(right, width - 1));
        for (int y = Math.Max(top, 0); y <= Math.Min(bottom, (near.Length / width) - 1); y++)
        {
            near.AsSpan((y * width) + left, right - left + 1).Fill(true);
        }
    }
}
