namespace VisionBanana.Edge.Perception;

/// <summary>A picture fitted into another size with its aspect ratio kept, centred.</summary>
internal sealed class Letterbox
{
    private readonly double _scale, _offsetX, _offsetY;

    public Letterbox(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight)
    {
        _scale = Math.Max((double)sourceWidth / targetWidth, (double)sourceHeight / targetHeight);
        _offsetX = (sourceWidth - (targetWidth * _scale)) / 2;
        _offsetY = (sourceHeight - (targetHeight * _scale)) / 2;
    }

    public (double X, double Y) ToSource(double x, double y) =>
        (((x + 0.5) * _scale) + _offsetX - 0.5, ((y + 0.5) * _scale) + _offsetY - 0.5);

    public (double X, double Y) ToTarget(double x, double y) =>
        (((x + 0.5 - _offsetX) / _scale) - 0.5, ((y + 0.5 - _offsetY) / _scale) - 0.5);
}
