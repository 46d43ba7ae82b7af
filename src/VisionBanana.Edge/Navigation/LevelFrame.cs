using System.Numerics;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Navigation;

/// <summary>
/// A level frame at the camera, in its optical frame: x where the camera looks, brought to the level, y left, z up. It is the frame of the scan.
/// </summary>
/// <param name="Forward">Its x, a unit vector of the optical frame.</param>
/// <param name="Left">Its y.</param>
/// <param name="Up">Its z.</param>
/// <param name="HeightM">Metres of the camera above the floor; NaN = not known.</param>
internal readonly record struct LevelFrame(Vector3 Forward, Vector3 Left, Vector3 Up, float HeightM)
{
    /// <summary>Beyond it a camera looks up or down so far that it sees nothing on the level, and where it heads is chance.</summary>
    public const double MostPitchDegrees = 75;

    /// <summary>A level camera over a floor that nobody knows.</summary>
    public static LevelFrame OfLevelCamera { get; } = new(Vector3.UnitZ, -Vector3.UnitX, -Vector3.UnitY, float.NaN);

    /// <summary>The frame for an up direction, or null when the camera looks straight up or down.</summary>
    public static LevelFrame? Of(Vector3 up, float heightM)
    {
        float rise = up.Z;
        if (Math.Abs(rise) > Math.Sin(double.DegreesToRadians(MostPitchDegrees)))
        {
            return null;
        }

        var forward = Vector3.Normalize(Vector3.UnitZ - (rise * up));
        return new LevelFrame(forward, Vector3.Cross(up, forward), up, heightM);
    }

    /// <summary>The frame of a mounted camera, or null when it looks straight up or down.</summary>
    public static LevelFrame? Of(CameraMount mount) => Of(SupportPlane.Of(mount));

    /// <summary>The frame over a floor, or null when the camera looks straight up or down.</summary>
    public static LevelFrame? Of(SupportPlane support) =>
        Of(new Vector3((float)support.UpX, (float)support.UpY, (float)support.UpZ), (float)(support.HeightM ?? double.NaN));

    /// <summary>Turns vectors of this frame into the optical frame.</summary>
    public UnitQuaternion InOptical
    {
        get
        {
            var q = Quaternion.CreateFromRotationMatrix(new Matrix4x4(
                Forward.X, Forward.Y, Forward.Z, 0, Left.X, Left.Y, Left.Z, 0, Up.X, Up.Y, Up.Z, 0, 0, 0, 0, 1));
            return new UnitQuaternion(q.X, q.Y, q.Z, q.W).Normalised();
        }
    }

    /// <summary>Whether another frame is so near that one table serves both.</summary>
    public bool IsNear(in LevelFrame other, float cosine, float heightM) =>
        Vector3.Dot(Up, other.Up) >= cosine && Vector3.Dot(Forward, other.Forward) >= cosine
        && (float.IsNaN(HeightM) ? float.IsNaN(other.HeightM) : Math.Abs(HeightM - other.HeightM) <= heightM);
}
