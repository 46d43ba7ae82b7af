using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// The range of depths of one picture, in round numbers, and its colours (Turbo, near = red). The ends are the 2nd and 98th
/// percentile, so that a few flying pixels do not flatten the rest.
/// </summary>
internal sealed class DepthScale
{
    private static readonly Vec3b[] Turbo = MakeTurbo();
    private static readonly double[] Steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

    private DepthScale(double near, double far, double step, double median) => (Near, Far, Step, Median) = (near, far, step, median);

    /// <summary>Metres at the red end.</summary>
    public double Near { get; }

    /// <summary>Metres at the blue end.</summary>
    public double Far { get; }

    /// <summary>Metres between two marks.</summary>
    public double Step { get; }

    /// <summary>The median depth in metres.</summary>
    public double Median { get; }

    /// <summary>The scale of these depths (metres); null when none is finite.</summary>
    public static DepthScale? Of(ReadOnlySpan<float> depth)
    {
        var finite = new List<float>(depth.Length);
        foreach (float d in depth)
        {
            if (float.IsFinite(d) && d >= 0)
            {
                finite.Add(d);
            }
        }

        if (finite.Count == 0)
        {
            return null;
        }

        finite.Sort();
        double low = finite[(int)(0.02 * (finite.Count - 1))], high = finite[(int)(0.98 * (finite.Count - 1))];
        double step = Steps.FirstOrDefault(s => (Math.Ceiling(high / s) - Math.Floor(low / s)) <= 6, 100);
        double near = Math.Floor(low / step) * step, far = Math.Max(Math.Ceiling(high / step) * step, near + step);
        return new DepthScale(near, far, step, finite[finite.Count / 2]);
    }

    /// <summary>The colour (BGR) of a finite depth in metres.</summary>
    public Vec3b ColourOf(double depth) => Turbo[(int)Math.Round(255 * (1 - Math.Clamp((depth - Near) / (Far - Near), 0, 1)))];

    private static Vec3b[] MakeTurbo()
    {
        using var ramp = new Mat(1, 256, MatType.CV_8UC1);
        for (int i = 0; i < 256; i++)
        {
            ramp.Set(0, i, (byte)i);
        }

        using var colours = new Mat();
        Cv2.ApplyColorMap(ramp, colours, ColormapTypes.Turbo);
        colours.GetArray(out Vec3b[] turbo);
        return turbo;
    }
}
