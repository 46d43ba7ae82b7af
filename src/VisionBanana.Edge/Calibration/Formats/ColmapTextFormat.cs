using System.Globalization;
using System.Text;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>COLMAP's <c>cameras.txt</c>: one line <c>CAMERA_ID MODEL WIDTH HEIGHT PARAMS[]</c> per camera.</summary>
internal sealed class ColmapTextFormat : CalibrationFormat
{
    public override string Name => "colmap";

    public override string Description => "COLMAP cameras.txt";

    public override string FileName => "cameras.txt";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models => ColmapCamera.Held;

    public override bool Recognises(CalibrationDocument document) => document is { Root: null, Text: not null }
        && document.Lines('#').FirstOrDefault().Line is { } line && line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var id, var model, ..]
        && id.All(char.IsAsciiDigit) && char.IsAsciiLetterUpper(model[0]);

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        var cameras = new List<CalibratedCamera>();
        foreach ((int number, string line) in document.Lines('#'))
        {
            void Problem(string message) => document.Problems.Add(new ConfigurationProblem(document.Path, number, 1, message));

            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            double[] values = new double[Math.Max(words.Length - 2, 0)];
            bool good = words.Length > 4 && ulong.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            for (int i = 0; good && i < values.Length; i++)
            {
                good = double.TryParse(words[i + 2], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]) && double.IsFinite(values[i]);
            }

            if (!good || values[0] is not (>= 1 and <= CameraDraft.LargestSide) || values[1] is not (>= 1 and <= CameraDraft.LargestSide))
            {
                Problem("expected CAMERA_ID MODEL WIDTH HEIGHT and finite parameters");
                continue;
            }

            int id = ColmapCamera.IdOf(words[1]);
            if (id < 0)
            {
                Problem($"the camera model {words[1]} is not known");
                continue;
            }

            if (ColmapCamera.Draft($"camera{words[0]}", id, (int)values[0], (int)values[1], values.AsSpan(2), Problem)
                ?.Finish(words[1], words[1], (key, message) => Problem($"{key}: {message}")) is { } camera)
            {
                cameras.Add(new CalibratedCamera(camera));
            }
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name) ?? Beyond(camera, 8, Name);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        var text = new StringBuilder("# Camera list with one line of data per camera:\n#   CAMERA_ID, MODEL, WIDTH, HEIGHT, PARAMS[]\n");
        text.Append(CultureInfo.InvariantCulture, $"# Number of cameras: {cameras.Count}\n");
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            (int id, double[] parameters) = ColmapCamera.Of(c);
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {ColmapCamera.NameOf(id)} {c.Width} {c.Height} {List(parameters, " ")}\n");
        }

        return Bytes(text.ToString());
    }
}
