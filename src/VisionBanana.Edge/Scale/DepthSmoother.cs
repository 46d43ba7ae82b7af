using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Scale;

/// <summary>
/// Averages depth over time where a pixel kept its colour and about its depth: for scenes and cameras that stand still. An edge, a thing that moves
/// and a cut are taken as they are painted.
/// </summary>
internal sealed class DepthSmoother
{
    private const float Weight = 0.2f, MostDepth = 0.12f;
    private const int MostColour = 36;

    private float[] _depth = [];
    private Rgb24[] _colour = [];

    /// <summary>Smooths a picture in place.</summary>
    /// <param name="depth">Scaled depth.</param>
    /// <param name="colour">The picture.</param>
    /// <param name="isSceneNew">True: nothing before belongs to it.</param>
    public void Apply(Span<float> depth, ReadOnlySpan<Rgb24> colour, bool isSceneNew)
    {
        if (_depth.Length != depth.Length)
        {
            (_depth, _colour, isSceneNew) = (new float[depth.Length], new Rgb24[depth.Length], true);
        }

        for (int i = 0; i < depth.Length && !isSceneNew; i++)
        {
            float before = _depth[i], now = depth[i], ratio = now / before;
            if (ratio is > 1 - MostDepth and < 1 / (1 - MostDepth) && Differs(colour[i], _colour[i]) <= MostColour)
            {
                depth[i] = before + (Weight * (now - before));
            }
        }

        depth.CopyTo(_depth);
        colour.CopyTo(_colour);
    }

    private static int Differs(Rgb24 a, Rgb24 b) => Math.Abs(a.R - b.R) + Math.Abs(a.G - b.G) + Math.Abs(a.B - b.B);
}
