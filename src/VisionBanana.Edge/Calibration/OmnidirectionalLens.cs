namespace VisionBanana.Edge.Calibration;

/// <summary>Mei's unified model: onto the unit sphere, from a point ξ behind its centre onto the plane, then plumb-bob distortion.</summary>
internal sealed class OmnidirectionalLens(ReadOnlySpan<double> k) : Lens
{
    private readonly double _xi = k[0];
    private readonly BrownLens _brown = new(k[1..]) { Model = DistortionModel.PlumbBob, Coefficients = [.. k[1..]] };

    public override double CentralScale => 1 / (1 + _xi);

    public override double FoldRadius => _xi <= 1
        ? _brown.FoldRadius
        : _brown.Bend(1 / Math.Sqrt((_xi * _xi) - 1), 0).X is var end && double.IsNaN(end) ? _brown.FoldRadius : end;

    public override (double X, double Y) Distort(double x, double y, double z)
    {
        double norm = Math.Sqrt((x * x) + (y * y) + (z * z)), depth = z + (_xi * norm);

        // Past these the sphere's radius on the plane shrinks again (ξ > 1) or has no end (ξ ≤ 1).
        return depth > 0 && norm + (_xi * z) > 0 ? _brown.Bend(x / depth, y / depth) : Nowhere;
    }

    public override (double X, double Y, double Z) Undistort(double x, double y)
    {
        (x, y) = _brown.Straighten(x, y);
        return Lift(x, y);
    }

    public override void Undistort(ReadOnlySpan<double> x, double y, RayRow rays)
    {
        // The guess of the plane's point is where the guessed ray meets it.
        for (int i = 0; i < x.Length; i++)
        {
            double norm = Math.Sqrt((rays.X[i] * rays.X[i]) + (rays.Y[i] * rays.Y[i]) + (rays.Z[i] * rays.Z[i])), depth = rays.Z[i] + (_xi * norm);
            (rays.X[i], rays.Y[i]) = (rays.X[i] / depth, rays.Y[i] / depth);
        }

        _brown.Undistort(x, y, rays);
        for (int i = 0; i < x.Length; i++)
        {
            (rays.X[i], rays.Y[i], rays.Z[i]) = Lift(rays.X[i], rays.Y[i]);
        }
    }

    private (double X, double Y, double Z) Lift(double x, double y)
    {
        double r2 = (x * x) + (y * y), lift = (_xi + Math.Sqrt(1 + ((1 - (_xi * _xi)) * r2))) / (r2 + 1);
        return double.IsNaN(lift) ? NoRay : (x * lift, y * lift, lift - _xi);
    }
}
