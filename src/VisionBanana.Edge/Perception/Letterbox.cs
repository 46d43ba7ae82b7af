namespace VisionBanana.Edge.Perception;

/// <summary>A picture without calibration fitted into another size, centred.</summary>
internal sealed class Letterbox
{
    private readonly double _scaleX, _scaleY, _offsetX, _offsetY;

    public Letterbox(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, PictureFit fit = PictureFit.Letterbox)
    {
        double across = (double)sourceWidth / targetWidth, down = (double)sourceHeight / targetHeight;
        (_scaleX, _scaleY) = fit switch
        {
            PictureFit.Stretch => (across, down),
            PictureFit.Cover => (Math.Min(across, down), Math.Min(across, down)),
            _ => (Math.Max(across, down), Math.Max(across, down)),
        };
        _offsetX = (sourceWidth - (targetWidth * _scaleX)) / 2;
        _offsetY = (sourceHeight - (targetHeight * _scaleY)) / 2;
    }

    public (double X, double Y) ToSource(double x, double y) =>
        (((x + 0.5) * _scaleX) + _offsetX - 0.5, ((y + 0.5) * _scaleY) + _offsetY - 0.5);

    public (double X, double Y) ToTarget(double x, double y) =>
        (((x + 0.5 - _offsetX) / _scaleX) - 0.5, ((y + 0.5 - _offsetY) / _scaleY) - 0.5);
}
