namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Brings a plane to another size by taking the nearest pixel: depth and labels have no values in between.</summary>
internal sealed class NearestResize
{
    private readonly int[] _columns;
    private readonly int[] _rows;
    private readonly bool _same;

    public NearestResize(int sourceWidth, int sourceHeight, int width, int height)
    {
        _same = sourceWidth == width && sourceHeight == height;
        _columns = [.. Enumerable.Range(0, width).Select(x => (int)((x + 0.5) * sourceWidth / width))];
        _rows = [.. Enumerable.Range(0, height).Select(y => (int)((y + 0.5) * sourceHeight / height) * sourceWidth)];
    }

    public void Apply<T>(ReadOnlySpan<T> source, Span<T> target)
    {
        if (_same)
        {
            source[..target.Length].CopyTo(target);
            return;
        }

        for (int y = 0; y < _rows.Length; y++)
        {
            ReadOnlySpan<T> from = source[_rows[y]..];
            Span<T> to = target.Slice(y * _columns.Length, _columns.Length);
            for (int x = 0; x < to.Length; x++)
            {
                to[x] = from[_columns[x]];
            }
        }
    }
}
