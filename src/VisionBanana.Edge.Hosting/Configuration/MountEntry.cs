using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary><c>camera.mount</c> of a pipeline file: where the camera sits on the robot.</summary>
internal static class MountEntry
{
    /// <summary>Reads the section; left out = nobody said.</summary>
    public static CameraMount? Read(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        string parent = section.RequireString("parent");
        double[] position = section.Doubles("position_m", 3);
        double[] rpy = section.Doubles("rpy_deg", 3, required: false);
        double[] quaternion = section.Doubles("quaternion", 4, required: false);
        double floor = section.OptionalDouble("floor_z_m", -1000, 1000) ?? 0;
        bool ofOptical = section.OptionalOneOf("frame", "body", "optical") == 1;
        if (section.Has("rpy_deg") && section.Has("quaternion"))
        {
            section.Problem("quaternion", "rpy_deg and quaternion contradict each other: keep one");
        }

        var rotation = UnitQuaternion.Identity;
        if (rpy.Length == 3)
        {
            rotation = UnitQuaternion.FromRpy(double.DegreesToRadians(rpy[0]), double.DegreesToRadians(rpy[1]), double.DegreesToRadians(rpy[2]));
        }
        else if (quaternion.Length == 4)
        {
            rotation = new UnitQuaternion(quaternion[0], quaternion[1], quaternion[2], quaternion[3]);
            if (!(Math.Abs(rotation.Norm - 1) < 0.01))
            {
                section.Problem("quaternion", FormattableString.Invariant($"expected x, y, z, w of length 1, found a length of {rotation.Norm:0.###}"));
                rotation = UnitQuaternion.Identity;
            }
        }
        else if (ofOptical && !section.Has("rpy_deg") && !section.Has("quaternion"))
        {
            section.Problem("frame", "an optical frame without a rotation would look straight up: give rpy_deg or quaternion");
        }

        foreach ((string key, double[] values) in new[] { ("position_m", position), ("rpy_deg", rpy) })
        {
            if (!values.All(double.IsFinite))
            {
                section.Problem(key, "expected finite numbers");
                return null;
            }
        }

        section.RefuseUnknownKeys();
        if (position.Length != 3 || parent.Length == 0)
        {
            return null;
        }

        CameraMount mount = ofOptical
            ? new CameraMount(parent, position[0], position[1], position[2], rotation)
            : CameraMount.OfBody(parent, position[0], position[1], position[2], rotation);
        return mount with { FloorZ = floor };
    }
}
