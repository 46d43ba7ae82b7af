using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// The factory file of ZED cameras: <c>[LEFT_CAM_HD]</c> and so on, one section per side and resolution, named <c>left_hd</c> …; the
/// section's name tells the size. Stereolabs gives the distance of the cameras in millimetres;
/// a pair that is turned against each other, too, has no pose here.
/// </summary>
internal sealed class ZedFormat : CalibrationFormat
{
    private static readonly ImmutableArray<(string Word, int Width, int Height)> Sizes =
    [
        ("4K", 3840, 2160), ("QHDPLUS", 3200, 1800), ("2K", 2208, 1242), ("FHD1200", 1920, 1200), ("FHD", 1920, 1080), ("HD", 1280, 720), ("SVGA", 960, 600),
            ("VGA", 672, 376),
    ];

    private static readonly string[] Keys = ["k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"];

    public override string Name => "zed";

    public override string Description => "ZED factory calibration (.conf)";

    public override string FileName => "*.conf";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob, DistortionModel.RationalPolynomial];

    public override bool Recognises(CalibrationDocument document) =>
        document is { IsIni: true, Root: { } root } && root.Keys().Any(k => k.StartsWith("LEFT_CAM_", StringComparison.Ordinal));

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        YamlSection? stereo = root.OptionalSection("STEREO");
        double? baseline = stereo?.OptionalDouble("Baseline", 0, 10_000);
        var cameras = new List<CalibratedCamera>();
        foreach (string key in root.Keys())
        {
            string side = key.StartsWith("LEFT_CAM_", StringComparison.Ordinal) ? "left" : key.StartsWith("RIGHT_CAM_", StringComparison.Ordinal) ? "right"
                : "";
            if (side.Length == 0)
            {
                continue;
            }

            string word = key[(side.Length + 5)..];
            if (Sizes.FirstOrDefault(s => s.Word == word) is not { Word: not null } size)
            {
                root.Problem(key, $"the resolution {word} is not known: expected one of {string.Join(", ", Sizes.Select(s => s.Word))}");
            }
            else if (root.RequireSection(key) is { } section)
            {
                double? apart = side == "right" && !IsTurned(stereo, word) ? baseline : null;
                Camera(cameras, section, $"{side}_{word.ToLowerInvariant()}", size.Width, size.Height, apart);
            }
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name) ?? Beyond(camera, Keys.Length, Name)
        ?? (Sizes.Any(s => (s.Width, s.Height) == (camera.Width, camera.Height)) ? null
            : $"{Name} knows pictures by the names of ZED's resolutions only, {camera.Width}×{camera.Height} has none");

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        var text = new StringBuilder();
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            string side = c.Name.StartsWith("right", StringComparison.Ordinal) ? "RIGHT" : "LEFT";
            text.Append(CultureInfo.InvariantCulture, $"[{side}_CAM_{Sizes.First(s => (s.Width, s.Height) == (c.Width, c.Height)).Word}]\n");
            text.Append(CultureInfo.InvariantCulture, $"fx={Number(c.Fx)}\nfy={Number(c.Fy)}\ncx={Number(c.Cx)}\ncy={Number(c.Cy)}\n");
            double[] d = Coefficients(c, c.DistortionModel == DistortionModel.RationalPolynomial ? 8 : 5);
            for (int k = 0; k < d.Length; k++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Keys[k]}={Number(d[k])}\n");
            }

            text.Append('\n');
        }

        if (cameras.FirstOrDefault(c => c.Pose is not null)?.Pose is { } pose)
        {
            text.Append(CultureInfo.InvariantCulture, $"[STEREO]\nBaseline={Number(pose.Distance * 1000)}\n");
        }

        return Bytes(text.ToString());
    }

    /// <summary>Stereolabs writes small angles beside the distance and does not say about which axes in which order: such a pose is not read.</summary>
    private static bool IsTurned(YamlSection? stereo, string word) =>
        stereo is not null && ((string[])["RX", "CV", "RZ", "TY", "TZ"]).SelectMany(k => (string[])[k, $"{k}_{word}"])
            .Any(k => stereo.OptionalDouble(k) is not (null or 0));

    private static void Camera(List<CalibratedCamera> cameras, YamlSection section, string name, int width, int height, double? baseline)
    {
        double[] d = [.. Keys.Select(k => section.OptionalDouble(k) ?? 0)];
        bool isRational = d.AsSpan(5).ContainsAnyExcept(0.0);
        var draft = new CameraDraft(width, height)
        {
            Name = name,
            Fx = section.RequireDouble("fx"),
            Fy = section.RequireDouble("fy"),
            Cx = section.RequireDouble("cx"),
            Cy = section.RequireDouble("cy"),
            Model = isRational ? "rational_polynomial" : "plumb_bob",
            Coefficients = [.. isRational ? d : d[..5]],
        };
        section.RefuseUnknownKeys();
        CameraPose? pose = baseline is { } mm
            ? new CameraPose(name.Replace("right", "left", StringComparison.Ordinal), [1, 0, 0, mm / 1000, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
            : null;
        Add(cameras, section, draft, "fx", "k1", pose);
    }
}
