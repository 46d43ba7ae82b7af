using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>For every pixel of a pinhole the nearest pixel of another camera at the same place that looks the same way, or none.</summary>
internal sealed class PixelMap
{
    private readonly int[] _source;

    private PixelMap(int[] source) => _source = source;

    /// <summary>The map that fills pictures of <paramref name="target"/> from pictures of <paramref name="source"/>.</summary>
    public static PixelMap Create(CameraIntrinsics source, CameraIntrinsics target)
    {
        int[] map = new int[target.Width * target.Height];
        for (int y = 0, i = 0; y < target.Height; y++)
        {
            for (int x = 0; x < target.Width; x++, i++)
            {
                (double slopeX, double slopeY) = target.Unproject(x, y);
                (double sx, double sy) = source.Project(slopeX, slopeY);
                double column = Math.Floor(sx + 0.5), row = Math.Floor(sy + 0.5);
                map[i] = column >= 0 && column < source.Width && row >= 0 && row < source.Height ? ((int)row * source.Width) + (int)column : -1;
            }
        }

        return new PixelMap(map);
    }

    /// <summary>Takes the nearest pixels of a plane of the source.</summary>
    public T[] Apply<T>(ReadOnlySpan<T> source, T outside)
    {
        var target = new T[_source.Length];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = _source[i] >= 0 ? source[_source[i]] : outside;
        }

        return target;
    }
}
