using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Scale;

/// <summary>
/// Tells from picture content whether the scene is still the same, and how much larger it is painted than in the scene's key picture. The
/// camera may move: the key picture is brought over the new one first. Things that move or change are left out.
/// </summary>
internal sealed class SceneLink
{
    private const double SameGrey = 0.5, LeastSame = 0.5, LeastOverlap = 0.3, RebaseSame = 0.75, RebaseOverlap = 0.7, RebaseShift = 0.12;
    private const double MostBrighter = 60, LeastGain = 0.93, LeastStd = 0.002;
    private const int LeastPixels = 24, PixelsTogether = 12;

    private LowPicture? _key, _now;
    private CameraIntrinsics? _camera;
    private float[] _ratios = [];
    private Motion _motion = Motion.None;
    private double _unit;

    /// <summary>Compares a picture with the key picture.</summary>
    public SceneRelation Show(in ScaleView view)
    {
        if (!ReferenceEquals(view.Camera, _camera))
        {
            (_camera, _key) = (view.Camera, null);
            _now = new LowPicture(view.Width, view.Height);
            _ratios = new float[_now.Grey.Length];
        }

        LowPicture now = _now!;
        now.Take(view);
        SceneRelation relation = _key is { } key ? Relate(key, now) : default;
        if (relation.Kind != SceneRelationKind.Same)
        {
            (_key, _now) = (now, _key ?? new LowPicture(view.Width, view.Height));
            _unit = UnitOf(now);
            _motion = Motion.None;
        }

        return relation;
    }

    private double UnitOf(LowPicture picture)
    {
        int count = 0;
        foreach (float depth in picture.Depth)
        {
            if (!float.IsNaN(depth))
            {
                _ratios[count++] = depth;
            }
        }

        return count == 0 ? 1 : Middle.Of(_ratios.AsSpan(0, count));
    }

    private SceneRelation Relate(LowPicture key, LowPicture now)
    {
        if (Math.Abs(now.Mean - key.Mean) > MostBrighter)
        {
            return default;
        }

        double still = PictureAlignment.Cost(key, now, _unit, Motion.None);
        Motion start = PictureAlignment.Cost(key, now, _unit, _motion) < still ? _motion : Motion.None;
        Motion moved = PictureAlignment.Refine(key, now, _unit, PictureAlignment.Refine(key, now, _unit, start, 2), 1);
        if (!(PictureAlignment.Cost(key, now, _unit, moved) < LeastGain * still))
        {
            // Standing still explains the pictures as well: then it is not noise that moves the camera.
            moved = Motion.None;
        }

        _motion = moved;
        return Compare(key, now, moved);
    }

    private SceneRelation Compare(LowPicture key, LowPicture now, in Motion motion)
    {
        int known = 0, seen = 0, count = 0;
        for (int row = 0, i = 0; row < key.Height; row++)
        {
            for (int column = 0; column < key.Width; column++, i++)
            {
                double depth = key.Depth[i] / _unit;
                if (double.IsNaN(depth))
                {
                    continue;
                }

                known++;
                (double x, double y, double z) = motion.Apply((column - key.Cx) / key.Fx * depth, (row - key.Cy) / key.Fy * depth, depth);
                double u = (now.Fx * x / z) + now.Cx, v = (now.Fy * y / z) + now.Cy;
                if (!(z > 0.02) || !now.TrySample(u, v, out double grey, out _, out _))
                {
                    continue;
                }

                seen++;
                float painted = now.Depth[((int)(v + 0.5) * now.Width) + (int)(u + 0.5)];
                if (Math.Abs(grey - key.Grey[i]) < SameGrey && !float.IsNaN(painted))
                {
                    _ratios[count++] = (float)Math.Log(painted / (z * _unit));
                }
            }
        }

        if (count < LeastPixels || seen < LeastOverlap * known || count < LeastSame * seen)
        {
            return default;
        }

        Span<float> ratios = _ratios.AsSpan(0, count);
        double ratio = Middle.Of(ratios), std = Math.Max(Middle.Spread(ratios) / Math.Sqrt(Math.Max(count / (double)PixelsTogether, 1)), LeastStd);
        double shift = Math.Sqrt((motion.X * motion.X) + (motion.Y * motion.Y) + (motion.Z * motion.Z));
        bool isFar = shift > RebaseShift || seen < RebaseOverlap * known || count < RebaseSame * seen;
        return new SceneRelation(isFar ? SceneRelationKind.Moved : SceneRelationKind.Same, ratio, std);
    }
}
