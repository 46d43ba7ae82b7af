using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// A virtual pinhole camera at the place of the real one: what of a wide picture is painted. Several of them, each in a pipeline of its own, cover
/// a fisheye that one pinhole cannot.
/// </summary>
public sealed record CameraView
{
    /// <summary>The horizontal field of view in degrees, 5 to 170; null = that of the painter, or of the source.</summary>
    public double? HorizontalFovDegrees { get; init; }

    /// <summary>Degrees by which it looks to the left of the real camera.</summary>
    public double YawDegrees { get; init; }

    /// <summary>Degrees by which it looks below the line of sight of the real camera, after the yaw.</summary>
    public double PitchDegrees { get; init; }

    /// <summary>True when it looks where the real camera looks.</summary>
    public bool LooksAhead => YawDegrees == 0 && PitchDegrees == 0;

    /// <summary>Turns vectors of the virtual optical frame into the real one.</summary>
    public UnitQuaternion Turn
    {
        get
        {
            UnitQuaternion body = CameraMount.OpticalInBody;
            var toBody = new UnitQuaternion(-body.X, -body.Y, -body.Z, body.W);
            var turn = UnitQuaternion.FromRpy(0, double.DegreesToRadians(PitchDegrees), double.DegreesToRadians(YawDegrees));
            return toBody.Multiply(turn).Multiply(body);
        }
    }

    /// <summary>Where the virtual camera sits, given where the real one does.</summary>
    public CameraMount Of(CameraMount mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return LooksAhead ? mount
            : new CameraMount(mount.ParentFrame, mount.X, mount.Y, mount.Z, mount.Rotation.Multiply(Turn)) { FloorZ = mount.FloorZ };
    }

    /// <summary>The support plane in the virtual optical frame.</summary>
    internal SupportPlane Of(SupportPlane support)
    {
        UnitQuaternion turn = Turn;
        (double x, double y, double z) = new UnitQuaternion(-turn.X, -turn.Y, -turn.Z, turn.W).Rotate(support.UpX, support.UpY, support.UpZ);
        return new SupportPlane(x, y, z, support.HeightM);
    }
}
