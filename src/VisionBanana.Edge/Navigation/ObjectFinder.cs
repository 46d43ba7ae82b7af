using System.Numerics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Navigation;

/// <summary>
/// Measures the objects of a picture: of each instance the pixels away from its edge, without those whose depth is far from the others'. Not
/// thread-safe: one per pipeline; nothing is allocated once warm.
/// </summary>
internal sealed class ObjectFinder(DetectionOptions options)
{
    private const int MostObjects = 255, MostPoints = 1500;
    private const float LeaveOut = 0.02f;

    private readonly short[] _slots = new short[ushort.MaxValue + 1];
    private readonly ObjectPixels[] _objects = new ObjectPixels[MostObjects];
    private readonly DetectedObject[] _found = new DetectedObject[MostObjects];
    private readonly float[] _values = new float[MostPoints];
    private readonly Vector3[] _points = new Vector3[MostPoints];
    private int[] _inner = [];
    private int _count;

    /// <summary>Finds the objects; they have no ids yet.</summary>
    public Span<DetectedObject> Find(in NavigationInput picture, RayTable rays)
    {
        if (_inner.Length < picture.Instances.Length)
        {
            _inner = new int[picture.Instances.Length];
        }

        CountPixels(picture);
        ListInner(picture);
        int found = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_objects[i].Inner >= options.MinPixels && TryMeasure(picture, rays, _objects[i], out DetectedObject measured))
            {
                _found[found++] = measured;
            }
        }

        return _found.AsSpan(0, found);
    }

    private void CountPixels(in NavigationInput picture)
    {
        Array.Clear(_slots);
        _count = 0;
        ReadOnlySpan<ushort> ids = picture.Instances;
        int width = picture.Camera.Width;
        for (int i = 0; i < ids.Length; i++)
        {
            ushort id = ids[i];
            if (id is 0 or LabelPlane.Unknown || (_slots[id] == 0 && !TryBegin(id)))
            {
                continue;
            }

            ref ObjectPixels at = ref _objects[_slots[id] - 1];
            int x = i % width, y = i / width;
            at.Count++;
            at.Confidence += picture.InstanceConfidence[i];
            at.Inner += IsInner(picture, i, x, y) ? 1 : 0;
            (at.Left, at.Right) = (Math.Min(at.Left, x), Math.Max(at.Right, x));
            at.Bottom = y;
        }

        int start = 0;
        foreach (ref ObjectPixels at in _objects.AsSpan(0, _count))
        {
            at.Start = start;
            start += at.Inner;
        }

        bool TryBegin(ushort id)
        {
            if (_count == MostObjects)
            {
                return false;
            }

            _objects[_count++] = new ObjectPixels { Instance = id, Left = int.MaxValue, Top = -1 };
            _slots[id] = (short)_count;
            return true;
        }
    }

    private void ListInner(in NavigationInput picture)
    {
        int width = picture.Camera.Width;
        foreach (ref ObjectPixels at in _objects.AsSpan(0, _count))
        {
            (at.Inner, at.Top) = (0, -1);
        }

        for (int i = 0; i < picture.Instances.Length; i++)
        {
            ushort id = picture.Instances[i];
            if (id is 0 or LabelPlane.Unknown || _slots[id] == 0)
            {
                continue;
            }

            ref ObjectPixels at = ref _objects[_slots[id] - 1];
            int y = i / width;
            at.Top = at.Top < 0 ? y : at.Top;
            if (IsInner(picture, i, i % width, y))
            {
                _inner[at.Start + at.Inner++] = i;
            }
        }
    }

    /// <summary>Whether a pixel's depth is known and its four neighbours are of the same object.</summary>
    private bool IsInner(in NavigationInput picture, int i, int x, int y)
    {
        int width = picture.Camera.Width, height = picture.Camera.Height;
        ReadOnlySpan<ushort> ids = picture.Instances;
        ushort id = ids[i];
        float z = picture.Depth[i];
        return z > 0 && float.IsFinite(z) && picture.Confidence[i] >= options.MinConfidence && picture.InstanceConfidence[i] >= options.MinConfidence
            && (x == 0 || ids[i - 1] == id) && (x == width - 1 || ids[i + 1] == id) && (y == 0 || ids[i - width] == id)
            && (y == height - 1 || ids[i + width] == id);
    }

    private bool TryMeasure(in NavigationInput picture, RayTable rays, in ObjectPixels pixels, out DetectedObject found)
    {
        ReadOnlySpan<int> inner = _inner.AsSpan(pixels.Start, pixels.Inner);
        int stride = Math.Max(1, (inner.Length + MostPoints - 1) / MostPoints), count = 0;
        for (int i = 0; i < inner.Length; i += stride)
        {
            _values[count++] = picture.Depth[inner[i]];
        }

        float median = Middle(_values.AsSpan(0, count));
        for (int i = 0; i < count; i++)
        {
            _values[i] = Math.Abs(_values[i] - median);
        }

        float most = Math.Max(4.5f * Middle(_values.AsSpan(0, count)), (0.04f * median) + 0.05f);
        count = 0;
        for (int i = 0; i < inner.Length; i += stride)
        {
            float z = picture.Depth[inner[i]];
            if (Math.Abs(z - median) <= most && float.IsFinite(rays.SlopeX[inner[i]]))
            {
                _points[count++] = new Vector3(z * rays.SlopeX[inner[i]], z * rays.SlopeY[inner[i]], z);
            }
        }

        found = default;
        if (count == 0)
        {
            return false;
        }

        found = new DetectedObject(
            0, pixels.Instance, picture.InstanceClass, (float)(pixels.Confidence / pixels.Count), pixels.Count, pixels.Left, pixels.Top,
            pixels.Right - pixels.Left + 1, pixels.Bottom - pixels.Top + 1, Extent(count), InRobot(picture.Mount, count), default, median);
        return true;
    }

    private ObjectBox? InRobot(CameraMount? mount, int count)
    {
        if (mount is null)
        {
            return null;
        }

        foreach (ref Vector3 point in _points.AsSpan(0, count))
        {
            (double x, double y, double z) = mount.ToParent(point.X, point.Y, point.Z);
            point = new Vector3((float)x, (float)y, (float)z);
        }

        return Extent(count);
    }

    private ObjectBox Extent(int count)
    {
        Vector3 low = default, high = default;
        for (int axis = 0; axis < 3; axis++)
        {
            for (int i = 0; i < count; i++)
            {
                _values[i] = _points[i][axis];
            }

            Span<float> values = _values.AsSpan(0, count);
            values.Sort();
            int skip = (int)(LeaveOut * count);
            (low[axis], high[axis]) = (values[skip], values[count - 1 - skip]);
        }

        return new ObjectBox((low + high) / 2, high - low);
    }

    private static float Middle(Span<float> values)
    {
        values.Sort();
        return values[values.Length / 2];
    }
}
