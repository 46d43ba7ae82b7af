namespace VisionBanana.Edge.Calibration;

/// <summary>Mei's unified model: onto the unit sphere, from a point ξ behind its centre onto the plane, then plumb-bob distortion.</summary>
internal sealed class OmnidirectionalLens(ReadOnlySpan<double> k) : Lens
{
    private readonly double _xi = k[0];
    private readonly BrownLens _brown = new(k[1..]) { Model = DistortionModel.PlumbBob, Coefficients = [.. k[1..]] };

    public override double CentralScale => 1 / (1 + _xi);

    public override double FoldRadius => _brown.FoldRadius;

    public override (double X, double Y) Distort(double x, double y)
    {
        double norm = Math.Sqrt(1 + (x * x) + (y * y)), scale = 1 / (1 + (_xi * norm));
        return norm <= 1 / Math.Cos(LargestAngle) && scale > 0 ? _brown.Distort(x * scale, y * scale) : Nowhere;
    }

    public override (double X, double Y) Undistort(double x, double y)
    {
        (x, y) = _brown.Undistort(x, y);
        double r2 = (x * x) + (y * y), root = Math.Sqrt(1 + ((1 - (_xi * _xi)) * r2)), lift = (_xi + root) / (r2 + 1), z = lift - _xi;
        return z >= Math.Cos(LargestAngle) ? (x * lift / z, y * lift / z) : Nowhere;
    }
}
