using System.Text.Json;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Where the optical frame's origin and the ends of its axes lie on the robot: the page turns the cloud upright with it.</summary>
internal sealed record MountAxes(string Parent, double[] Origin, double[] X, double[] Y, double[] Z)
{
    public static MountAxes Of(CameraMount mount)
    {
        double[] At(double x, double y, double z)
        {
            (double px, double py, double pz) = mount.ToParent(x, y, z);
            return [px, py, pz];
        }

        return new MountAxes(mount.ParentFrame, At(0, 0, 0), At(1, 0, 0), At(0, 1, 0), At(0, 0, 1));
    }

    /// <summary>Writes it as a property.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("parent", Parent);
        foreach ((string key, double[] at) in new[] { ("origin", Origin), ("x", X), ("y", Y), ("z", Z) })
        {
            json.WriteStartArray(key);
            foreach (double value in at)
            {
                json.WriteNumberValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
