using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Scale;

/// <summary>A small grey picture with its depth: what pictures are compared by. Grey values have mean 0 and standard deviation 1.</summary>
internal sealed class LowPicture
{
    /// <summary>Columns of the small picture, about.</summary>
    public const int Columns = 48;

    // A picture without contrast stays one: noise is not made a pattern.
    private const double LeastContrast = 6;

    public LowPicture(int width, int height)
    {
        Step = Math.Max((int)Math.Round(width / (double)Columns), 1);
        (Width, Height) = (Math.Max(width / Step, 1), Math.Max(height / Step, 1));
        Grey = new float[Width * Height];
        Depth = new float[Width * Height];
    }

    public int Step { get; }

    public int Width { get; }

    public int Height { get; }

    public float[] Grey { get; }

    /// <summary>As painted; NaN = none.</summary>
    public float[] Depth { get; }

    /// <summary>Mean grey value before it was brought to 0.</summary>
    public double Mean { get; private set; }

    public double Fx { get; private set; }

    public double Fy { get; private set; }

    public double Cx { get; private set; }

    public double Cy { get; private set; }

    public void Take(in ScaleView view)
    {
        double offset = (Step - 1) / 2.0;
        (Fx, Fy) = (view.Camera.Fx / Step, view.Camera.Fy / Step);
        (Cx, Cy) = ((view.Camera.Cx - offset) / Step, (view.Camera.Cy - offset) / Step);
        double sum = 0, squares = 0;
        for (int y = 0, i = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++, i++)
            {
                int grey = 0;
                for (int row = 0; row < Step; row++)
                {
                    foreach (Rgb24 c in view.Color.Slice((((y * Step) + row) * view.Width) + (x * Step), Step))
                    {
                        grey += (2 * c.R) + (5 * c.G) + c.B;
                    }
                }

                float value = grey / (8f * Step * Step);
                Grey[i] = value;
                sum += value;
                squares += value * value;
                float depth = view.Depth[(((y * Step) + (Step / 2)) * view.Width) + (x * Step) + (Step / 2)];
                Depth[i] = depth > 0 && float.IsFinite(depth) ? depth : float.NaN;
            }
        }

        Mean = sum / Grey.Length;
        float gain = (float)(1 / Math.Max(Math.Sqrt(Math.Max((squares / Grey.Length) - (Mean * Mean), 0)), LeastContrast));
        foreach (ref float value in Grey.AsSpan())
        {
            value = (value - (float)Mean) * gain;
        }
    }

    /// <summary>Grey value and its slope between pixels; false outside.</summary>
    public bool TrySample(double x, double y, out double value, out double slopeX, out double slopeY)
    {
        value = slopeX = slopeY = 0;
        if (!(x >= 0 && y >= 0 && x < Width - 1 && y < Height - 1))
        {
            return false;
        }

        int column = (int)x, row = (int)y, i = (row * Width) + column;
        double fx = x - column, fy = y - row;
        double a = Grey[i], b = Grey[i + 1], c = Grey[i + Width], d = Grey[i + Width + 1];
        double above = a + (fx * (b - a)), under = c + (fx * (d - c));
        value = above + (fy * (under - above));
        slopeX = (b - a) + (fy * ((d - c) - (b - a)));
        slopeY = under - above;
        return true;
    }
}
