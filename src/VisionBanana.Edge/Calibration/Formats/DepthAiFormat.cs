using System.Globalization;
using VisionBanana.Edge.Configuration;
using YamlDotNet.RepresentationModel;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>The EEPROM of Luxonis cameras as JSON: one camera per socket, named <c>socket0</c>, <c>socket1</c> …</summary>
internal sealed class DepthAiFormat : CalibrationFormat
{
    private const int PlacesForCoefficients = 14;

    public override string Name => "depthai";

    public override string Description => "DepthAI EEPROM JSON";

    public override string FileName => "*.json";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob, DistortionModel.RationalPolynomial, DistortionModel.Equidistant];

    public override bool Recognises(CalibrationDocument document) => document.Root?.Holds("cameraData") == true;

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        var cameras = new List<CalibratedCamera>();
        if (root.Node("cameraData") is not YamlSequenceNode list)
        {
            root.Problem("cameraData", "expected a list of [socket, camera]");
            return cameras;
        }

        foreach (YamlNode entry in list.Children)
        {
            if (entry is YamlSequenceNode { Children: [YamlScalarNode { Value: { } socket }, YamlMappingNode camera] })
            {
                Camera(cameras, root.At(camera, $"cameraData[{socket}]"), $"socket{socket}");
            }
            else
            {
                root.Problems.Add(entry.Start, $"cameraData: expected [socket, camera], found {YamlSection.Describe(entry)}");
            }
        }

        return cameras;
    }

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        var entries = new List<object>();
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            int socket = Socket(c.Name) ?? i;
            var data = new Dictionary<string, object>
            {
                ["cameraType"] = c.DistortionModel == DistortionModel.Equidistant ? 1 : 0,
                ["distortionCoeff"] = Coefficients(c, PlacesForCoefficients),
                ["height"] = c.Height,
                ["intrinsicMatrix"] = new double[][] { [c.Fx, c.Skew, c.Cx], [0, c.Fy, c.Cy], [0, 0, 1] },
                ["specHfovDeg"] = Math.Round(c.HorizontalFovDegrees, 2),
                ["width"] = c.Width,
            };
            if (cameras[i].Pose is { } pose && Socket(pose.Reference) is { } reference)
            {
                double[] m = [.. pose.Matrix];
                data["extrinsics"] = new Dictionary<string, object>
                {
                    ["rotationMatrix"] = new double[][] { m[..3], m[4..7], m[8..11] },
                    ["toCameraSocket"] = reference,
                    ["translation"] = new Dictionary<string, double> { ["x"] = m[3] * 100, ["y"] = m[7] * 100, ["z"] = m[11] * 100 },
                };
            }

            entries.Add(new object[] { socket, data });
        }

        return Json(new Dictionary<string, object> { ["cameraData"] = entries, ["version"] = 7 });
    }

    private static int? Socket(string name) =>
        name.StartsWith("socket", StringComparison.Ordinal) && int.TryParse(name.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out int socket)
            ? socket : null;

    private static void Camera(List<CalibratedCamera> cameras, YamlSection section, string name)
    {
        int width = section.RequireInt("width", 0, CameraDraft.LargestSide), height = section.RequireInt("height", 0, CameraDraft.LargestSide);
        double[] k = section.Matrix("intrinsicMatrix", 3, 3), d = section.Matrix("distortionCoeff", required: false);
        int type = section.OptionalInt("cameraType", 0, 1) ?? 0;
        if (!k.AsSpan().ContainsAnyExcept(0.0) || width == 0 || height == 0)
        {
            // A socket without a camera has zeros.
            return;
        }

        var draft = new CameraDraft(width, height) { Name = name, Model = type == 1 ? "fisheye" : ModelOf(d), Coefficients = [.. d] };
        if (draft.WithMatrix(k, "intrinsicMatrix", section.Problem) is { } camera)
        {
            Add(cameras, section, camera, "intrinsicMatrix", "distortionCoeff", section.OptionalSection("extrinsics") is { } e ? Pose(e) : null);
        }
    }

    private static string ModelOf(double[] coefficients) =>
        coefficients.Length > 5 && coefficients.AsSpan(5).ContainsAnyExcept(0.0) ? "rational_polynomial" : "plumb_bob";

    private static CameraPose? Pose(YamlSection section)
    {
        int socket = section.OptionalInt("toCameraSocket", -1, 255) ?? -1;
        double[] r = section.Matrix("rotationMatrix", required: false);
        if (socket < 0 || r.Length != 9 || section.OptionalSection("translation") is not { } t)
        {
            return null;
        }

        // Centimetres.
        double x = t.RequireDouble("x") / 100, y = t.RequireDouble("y") / 100, z = t.RequireDouble("z") / 100;
        return new CameraPose($"socket{socket}", [r[0], r[1], r[2], x, r[3], r[4], r[5], y, r[6], r[7], r[8], z, 0, 0, 0, 1]);
    }
}
