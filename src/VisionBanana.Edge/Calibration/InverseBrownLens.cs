namespace VisionBanana.Edge.Calibration;

/// <summary>
/// The Brown polynomial in the other direction, as RealSense's depth cameras have it: it takes the bent slopes to the straight ones, so
/// that unprojecting is the formula itself and projecting its exact inverse.
/// </summary>
internal sealed class InverseBrownLens(ReadOnlySpan<double> k) : Lens
{
    private readonly BrownLens _brown = new(k) { Model = DistortionModel.PlumbBob, Coefficients = [.. k] };

    public override bool IsStraight => _brown.IsStraight;

    public override double FoldRadius => _brown.FoldRadius is var fold && double.IsInfinity(fold) ? fold : _brown.Straighten(fold, 0).X;

    public override (double X, double Y) Distort(double x, double y, double z) => z > 0 ? _brown.Straighten(x / z, y / z) : Nowhere;

    public override (double X, double Y, double Z) Undistort(double x, double y)
    {
        (x, y) = _brown.Bend(x, y);
        return (x, y, 1);
    }
}
