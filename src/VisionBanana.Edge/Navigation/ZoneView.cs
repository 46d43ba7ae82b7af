using System.Numerics;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Navigation;

/// <summary>Where the pixels of a camera look in the frame of the zones, and which pixels see which zone. Worked out again when the view changes.</summary>
internal sealed class ZoneView(IReadOnlyList<ZoneOptions> zones, ObstacleOptions obstacles)
{
    private const int CellsPerSide = 14;

    private readonly List<(int Pixel, float Depth)>[] _samples = [.. zones.Select(_ => new List<(int, float)>())];
    private readonly float[] _seen = new float[zones.Count];
    private float[] _x = [], _y = [];
    private int _version = -1;
    private CameraMount? _mount;
    private Vector3 _ex, _ey, _ez;

    /// <summary>Metres along the frame's x per metre of depth, for each pixel.</summary>
    public ReadOnlySpan<float> X => _x;

    /// <summary>Metres along the frame's y per metre of depth, for each pixel.</summary>
    public ReadOnlySpan<float> Y => _y;

    /// <summary>Where the camera is in the frame.</summary>
    public Vector2 Origin { get; private set; }

    /// <summary>Places of a zone that are in view: the pixel that looks there, and how deep they are.</summary>
    public ReadOnlySpan<(int Pixel, float Depth)> SamplesOf(int zone) => CollectionsMarshal.AsSpan(_samples[zone]);

    /// <summary>The part of a zone's area that is in view, 0–1.</summary>
    public float SeenOf(int zone) => _seen[zone];

    public void Use(ViewGeometry view, CameraMount? mount)
    {
        if (view.Version == _version && Equals(mount, _mount))
        {
            return;
        }

        (_version, _mount) = (view.Version, mount);
        int pixels = view.Bins.Length;
        if (_x.Length != pixels)
        {
            (_x, _y) = (new float[pixels], new float[pixels]);
        }

        UseAxes(view.Level, mount);
        ReadOnlySpan<float> slopeX = view.Rays.SlopeX, slopeY = view.Rays.SlopeY;
        for (int i = 0; i < pixels; i++)
        {
            var ray = new Vector3(slopeX[i], slopeY[i], 1);
            (_x[i], _y[i]) = (Vector3.Dot(ray, _ex), Vector3.Dot(ray, _ey));
        }

        for (int zone = 0; zone < zones.Count; zone++)
        {
            Sample(zone, view);
        }
    }

    private void UseAxes(in LevelFrame level, CameraMount? mount)
    {
        (_ex, _ey, _ez) = (level.Forward, level.Left, level.Up);
        Origin = default;
        if (mount is not null)
        {
            UnitQuaternion q = mount.Rotation;
            var back = new UnitQuaternion(-q.X, -q.Y, -q.Z, q.W);
            (_ex, _ey, _ez) = (Turned(back, 1, 0, 0), Turned(back, 0, 1, 0), Turned(back, 0, 0, 1));
            Origin = new Vector2((float)mount.X, (float)mount.Y);
        }
    }

    private static Vector3 Turned(UnitQuaternion turn, double x, double y, double z)
    {
        (double rx, double ry, double rz) = turn.Rotate(x, y, z);
        return new Vector3((float)rx, (float)ry, (float)rz);
    }

    /// <summary>Places on a grid over the zone, at three heights: those the camera sees when nothing is in the way.</summary>
    private void Sample(int zone, ViewGeometry view)
    {
        ZoneShape shape = zones[zone].Shape;
        _samples[zone].Clear();
        bool knowsFloor = !float.IsNaN(view.Level.HeightM);
        float camera = knowsFloor ? view.Level.HeightM : 0;
        float low = knowsFloor ? (float)(zones[zone].MinHeightM ?? obstacles.MinHeightM) : 0;
        float high = knowsFloor ? (float)(zones[zone].MaxHeightM ?? obstacles.MaxHeightM) : 0;
        int cells = 0, seen = 0;
        for (int i = 0; i < CellsPerSide * CellsPerSide; i++)
        {
            float x = shape.MinX + (((i % CellsPerSide) + 0.5f) / CellsPerSide * (shape.MaxX - shape.MinX));
            float y = shape.MinY + (((i / CellsPerSide) + 0.5f) / CellsPerSide * (shape.MaxY - shape.MinY));
            if (shape.OutsideM(x, y) > 0)
            {
                continue;
            }

            cells++;
            bool any = false;
            foreach (float part in (ReadOnlySpan<float>)[0.05f, 0.35f, 0.8f])
            {
                Vector3 at = ((x - Origin.X) * _ex) + ((y - Origin.Y) * _ey) + ((low + (part * (high - low)) - camera) * _ez);
                any |= TrySee(zone, view.Camera!, at);
            }

            seen += any ? 1 : 0;
        }

        _seen[zone] = cells == 0 ? 0 : (float)seen / cells;
    }

    private bool TrySee(int zone, CameraIntrinsics camera, Vector3 at)
    {
        if (at.Z < 0.02f)
        {
            return false;
        }

        (double u, double v) = camera.Project(at.X / at.Z, at.Y / at.Z);
        if (!(u > -0.5 && v > -0.5 && u < camera.Width - 0.5 && v < camera.Height - 0.5))
        {
            return false;
        }

        _samples[zone].Add((((int)Math.Round(v) * camera.Width) + (int)Math.Round(u), at.Z));
        return true;
    }
}
