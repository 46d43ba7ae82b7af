using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// COLMAP's camera models and their parameters. COLMAP's pixels begin at the corner (the centre of the first is 0.5, 0.5), those of this
/// SDK at the centre of the first.
/// </summary>
internal static class ColmapCamera
{
    // The index is COLMAP's number of the model; parameters after focal length(s) and principal point go to these coefficients.
    private static readonly ImmutableArray<(string Name, int Focals, string Model, int[] Places, int Length)> Models =
    [
        ("SIMPLE_PINHOLE", 1, "none", [], 0),
        ("PINHOLE", 2, "none", [], 0),
        ("SIMPLE_RADIAL", 1, "plumb_bob", [0], 4),
        ("RADIAL", 1, "plumb_bob", [0, 1], 4),
        ("OPENCV", 2, "plumb_bob", [0, 1, 2, 3], 4),
        ("OPENCV_FISHEYE", 2, "equidistant", [0, 1, 2, 3], 4),
        ("FULL_OPENCV", 2, "rational_polynomial", [0, 1, 2, 3, 4, 5, 6, 7], 8),
        ("FOV", 2, "fov", [0], 1),
        ("SIMPLE_RADIAL_FISHEYE", 1, "equidistant", [0], 4),
        ("RADIAL_FISHEYE", 1, "equidistant", [0, 1], 4),
        ("THIN_PRISM_FISHEYE", 2, "", [0, 0, 0, 0, 0, 0, 0, 0], 0),
        ("RAD_TAN_THIN_PRISM_FISHEYE", 2, "", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0),
        ("SIMPLE_DIVISION", 1, "division", [0], 1),
        ("DIVISION", 2, "division", [0], 1),
        ("SIMPLE_FISHEYE", 1, "equidistant", [], 4),
        ("FISHEYE", 2, "equidistant", [], 4),
    ];

    public static IReadOnlyList<DistortionModel> Held =>
    [
        DistortionModel.PlumbBob, DistortionModel.RationalPolynomial, DistortionModel.Equidistant, DistortionModel.FieldOfView, DistortionModel.Division,
    ];

    public static string NameOf(int id) => id >= 0 && id < Models.Length ? Models[id].Name : $"number {id}";

    public static int IdOf(string name) => Models.IndexOf(Models.FirstOrDefault(m => m.Name == name));

    /// <summary>How many parameters a model has, or null when it is not known.</summary>
    public static int? CountOf(int id) => id >= 0 && id < Models.Length ? Models[id].Focals + 2 + Models[id].Places.Length : null;

    /// <summary>The camera as a draft, or null after a problem.</summary>
    public static CameraDraft? Draft(string camera, int id, int width, int height, ReadOnlySpan<double> parameters, Action<string> problem)
    {
        if (CountOf(id) is not { } count)
        {
            problem(
                $"the camera model {NameOf(id)} is not known: expected one of {string.Join(", ", Models.Where(m => m.Model.Length > 0).Select(m => m.Name))}");
            return null;
        }

        (string name, int focals, string model, int[] places, int length) = Models[id];
        if (model.Length == 0)
        {
            problem($"the camera model {name} has no equal here; fit another one in COLMAP, e.g. OPENCV_FISHEYE");
            return null;
        }

        if (parameters.Length != count)
        {
            problem($"{name} has {count} parameters, found {parameters.Length}");
            return null;
        }

        double[] coefficients = new double[length];
        for (int i = 0; i < places.Length; i++)
        {
            coefficients[places[i]] = parameters[focals + 2 + i];
        }

        return new CameraDraft(width, height)
        {
            Name = camera,
            Fx = parameters[0],
            Fy = parameters[focals - 1],
            Cx = parameters[focals] - 0.5,
            Cy = parameters[focals + 1] - 0.5,
            Model = model,
            Coefficients = [.. coefficients],
        };
    }

    /// <summary>The model's number and its parameters.</summary>
    public static (int Id, double[] Parameters) Of(CameraIntrinsics c)
    {
        string name = c.DistortionModel switch
        {
            DistortionModel.PlumbBob when c.IsPinhole => "PINHOLE",
            DistortionModel.PlumbBob when c.Distortion.Length < 5 || c.Distortion[4] == 0 => "OPENCV",
            DistortionModel.PlumbBob or DistortionModel.RationalPolynomial => "FULL_OPENCV",
            DistortionModel.Equidistant => "OPENCV_FISHEYE",
            DistortionModel.FieldOfView => "FOV",
            _ => "DIVISION",
        };
        int id = IdOf(name);
        double[] parameters = new double[CountOf(id)!.Value];
        (parameters[0], parameters[1], parameters[2], parameters[3]) = (c.Fx, c.Fy, c.Cx + 0.5, c.Cy + 0.5);
        if (!c.Distortion.IsDefault)
        {
            c.Distortion.AsSpan(0, Math.Min(c.Distortion.Length, parameters.Length - 4)).CopyTo(parameters.AsSpan(4));
        }

        return (id, parameters);
    }

    /// <summary>The number that COLMAP gave the camera, in its name here.</summary>
    public static string Named(ulong id) => string.Create(CultureInfo.InvariantCulture, $"camera{id}");
}
