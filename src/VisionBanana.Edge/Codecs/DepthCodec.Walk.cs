using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <content>One colour at a time: the definition that the vector path is tested against.</content>
public static partial class DepthCodec
{
    private static ReadOnlySpan<uint> WalkCorners => [0x000000, 0xFF0000, 0xFFFF00, 0x00FF00, 0x00FFFF, 0x0000FF, 0xFF00FF, 0xFFFFFF];

    /// <summary>The corner of the RGB cube where edge <paramref name="index"/> of the walk begins; 7 = white.</summary>
    internal static Rgb24 Corner(int index)
    {
        uint c = WalkCorners[index];
        return new Rgb24((byte)(c >> 16), (byte)(c >> 8), (byte)c);
    }

    /// <summary>Colour number <paramref name="step"/> of the walk, from 0 (black) to <see cref="StepCount"/> (white).</summary>
    public static Rgb24 ColourOfStep(int step)
    {
        int edge = Math.Min(step / 255, 6), along = step - (edge * 255);
        Rgb24 from = Corner(edge), to = Corner(edge + 1);
        return new Rgb24(Move(from.R, to.R, along), Move(from.G, to.G, along), Move(from.B, to.B, along));

        static byte Move(byte a, byte b, int along) => a == b ? a : (byte)(a < b ? along : 255 - along);
    }

    /// <summary>The depth of colour number <paramref name="step"/>, rounded as the vector path rounds.</summary>
    public static float DepthOfStep(int step) => 10f * (MathF.Sqrt((float)StepCount / (StepCount - step)) - 1f);

    /// <summary>The nearest colour of the walk; of two equally near the darker end's.</summary>
    internal static int NearestStep(Rgb24 colour, out int squaredResidual)
    {
        int best = 0;
        squaredResidual = int.MaxValue;
        for (int edge = 0; edge < 7; edge++)
        {
            // The channel that moves along this edge is met exactly; the two others are the distance.
            Rgb24 from = Corner(edge), to = Corner(edge + 1);
            int along = from.R != to.R ? Along(from.R, colour.R) : from.G != to.G ? Along(from.G, colour.G) : Along(from.B, colour.B);
            int step = (edge * 255) + along;
            int squared = Rgb24.SquaredDistance(colour, ColourOfStep(step));
            if (squared < squaredResidual)
            {
                (best, squaredResidual) = (step, squared);
            }
        }

        return best;

        static int Along(byte from, byte value) => Math.Abs(value - from);
    }
}
