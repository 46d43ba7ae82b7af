using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Tests.Scale;

/// <summary>
/// A textured room of a floor and a back wall that a camera moves in: pictures by ray casting with true depth, which a painter with a scale of its own would
/// paint. The floor lies 1 m below the camera.
/// </summary>
internal sealed class PaintedWorld(int seed = 1)
{
    public const int Width = 96, Height = 72;

    /// <summary>Class ids of <see cref="Labels"/>.</summary>
    public static readonly LabelPalette Classes = new([new LabelColour(3, "floor", new Rgb24(1, 2, 3)), new LabelColour(7, "wall", new Rgb24(9, 9, 9)),
        new LabelColour(9, "person", new Rgb24(90, 9, 9))]);

    private readonly double _phase = seed * 1.7;
    private readonly float[] _confidence = [.. Enumerable.Repeat(0.9f, Width * Height)];

    public static CameraIntrinsics Camera { get; } = CameraIntrinsics.FromHorizontalFov(Width, Height, 60);

    public double HeightM { get; init; } = 1;

    public double WallM { get; init; } = 4;

    public Rgb24[] Color { get; } = new Rgb24[Width * Height];

    public float[] True { get; } = new float[Width * Height];

    public float[] Painted { get; } = new float[Width * Height];

    public ushort[] Labels { get; } = new ushort[Width * Height];

    public SupportPlane? Support { get; set; }

    public long StampNs { get; set; } = 1_700_000_000_000_000_000;

    /// <summary>Takes the next picture.</summary>
    /// <param name="logScale">By how much the painter is off.</param>
    /// <param name="x">Metres the camera moved to the right.</param>
    /// <param name="z">Metres it moved forward.</param>
    /// <param name="yaw">Radians it turned to the right.</param>
    /// <param name="person">A column where somebody stands at 1.5 m, or null.</param>
    public PaintedWorld Take(double logScale = 0, double x = 0, double z = 0, double yaw = 0, int? person = null)
    {
        (double sin, double cos) = Math.SinCos(yaw);
        for (int row = 0, i = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++, i++)
            {
                (double sx, double sy) = Camera.Unproject(column, row);
                double dx = (cos * sx) + sin, dz = cos - (sin * sx);
                double toWall = dz > 0 ? (WallM - z) / dz : double.PositiveInfinity, toFloor = sy > 0 ? HeightM / sy : double.PositiveInfinity;
                bool isFloor = toFloor < toWall;
                double depth = Math.Min(toFloor, toWall), wx = x + (depth * dx), wz = z + (depth * dz), wy = depth * sy;
                byte grey = Texture(isFloor ? wx : wx + 20, isFloor ? wz : wy);
                Labels[i] = isFloor ? (ushort)3 : (ushort)7;
                if (person is { } at && Math.Abs(column - at) < 10 && row is > 15 and < 60)
                {
                    (depth, grey, Labels[i]) = (1.5, Texture(column * 0.13, row * 0.11), 9);
                }

                True[i] = (float)depth;
                Painted[i] = (float)(depth * Math.Exp(logScale));
                Color[i] = new Rgb24(grey, grey, grey);
            }
        }

        StampNs += 66_666_667;
        return this;
    }

    public ScaleView View(bool withLabels = true) => new()
    {
        Camera = Camera,
        Color = Color,
        Depth = Painted,
        Confidence = _confidence,
        Labels = withLabels ? Labels : [],
        Classes = Classes,
        Support = Support,
        StampNs = StampNs,
    };

    private byte Texture(double a, double b)
    {
        double value = Math.Sin((3.1 * a) + _phase) + Math.Sin((2.3 * b) - (2 * _phase)) + Math.Sin((1.7 * a) + (4.1 * b) + (3 * _phase))
            + Math.Sin((5.3 * a) - (2.9 * b) + (5 * _phase));
        return (byte)Math.Clamp(128 + (28 * value), 0, 255);
    }
}
