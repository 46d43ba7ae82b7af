using System.Numerics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Navigation;

/// <summary>
/// Finds the floor in the depth of pictures and holds it: what is found changes nothing until it differs by more than noise, so that the frame of the
/// scan stands still.
/// </summary>
internal sealed class FloorFinder(float minConfidence)
{
    private const int MostPoints = 320;
    private const int EveryPictures = 5;
    private const float AnyTiltDegrees = 40, NearTiltDegrees = 15;
    private const float MinHeightM = 0.03f, MaxHeightM = 50;

    private static readonly PlaneFit Fit = new() { ToleranceM = 0.01f, RelativeTolerance = 0.015f, MinShare = 0.15f };

    private readonly Vector3[] _points = new Vector3[MostPoints];
    private readonly float _sameCosine = MathF.Cos(float.DegreesToRadians(0.7f));
    private LevelFrame? _held;
    private long _pictures;

    /// <summary>The floor as it is held, or null while none was found.</summary>
    /// <param name="picture">A picture with depth.</param>
    /// <param name="rays">The rays of its camera.</param>
    /// <param name="near">Where the floor should be by the mount; null = not known.</param>
    public LevelFrame? Find(in NavigationInput picture, RayTable rays, in LevelFrame? near)
    {
        if (_pictures++ % EveryPictures != 0 && _held is not null)
        {
            return _held;
        }

        Vector3 up = near?.Up ?? -Vector3.UnitY;
        if (Fit.Find(Sample(picture, rays), up, near is null ? AnyTiltDegrees : NearTiltDegrees) is { Offset: > MinHeightM and < MaxHeightM } plane
            && LevelFrame.Of(plane.Normal, plane.Offset) is { } found
            && !(_held is { } held && held.IsNear(found, _sameCosine, 0.03f * held.HeightM)))
        {
            _held = found;
        }

        return _held;
    }

    private ReadOnlySpan<Vector3> Sample(in NavigationInput picture, RayTable rays)
    {
        int width = picture.Camera.Width, height = picture.Camera.Height, count = 0;
        int step = Math.Max(1, (int)Math.Ceiling(Math.Sqrt((double)width * height / MostPoints)));
        for (int y = step / 2; y < height; y += step)
        {
            for (int x = step / 2; x < width && count < MostPoints; x += step)
            {
                int i = (y * width) + x;
                float z = picture.Depth[i];
                if (z > 0 && float.IsFinite(z) && picture.Confidence[i] >= minConfidence && float.IsFinite(rays.SlopeX[i]))
                {
                    _points[count++] = new Vector3(z * rays.SlopeX[i], z * rays.SlopeY[i], z);
                }
            }
        }

        return _points.AsSpan(0, count);
    }
}
