using System.Globalization;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>One way in which calibrations are written: how it is known, read and written. The formats stand in <see cref="CalibrationFormats"/>.</summary>
internal abstract class CalibrationFormat
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>The word for it on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Whose format it is.</summary>
    public abstract string Description { get; }

    /// <summary>The file names that people give it; <c>*</c> stands for any.</summary>
    public abstract string FileName { get; }

    /// <summary>The models it can hold.</summary>
    public abstract IReadOnlyList<DistortionModel> Models { get; }

    /// <summary>True when it can hold several cameras in one file.</summary>
    public virtual bool HoldsMany => false;

    /// <summary>Whether a document is of this format, told from what only this format has.</summary>
    public abstract bool Recognises(CalibrationDocument document);

    /// <summary>Every camera of the document; what is wrong becomes a problem of the document.</summary>
    public abstract IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document);

    /// <summary>Why a camera cannot be written like this, or null; the model is one of <see cref="Models"/>.</summary>
    public virtual string? WhyNot(CameraIntrinsics camera) => null;

    /// <summary>The file's content.</summary>
    public abstract byte[] Write(IReadOnlyList<CalibratedCamera> cameras);

    /// <summary>The coefficients, as many as asked, with zeros for those that the camera does not have.</summary>
    protected static double[] Coefficients(CameraIntrinsics camera, int count)
    {
        double[] all = new double[count];
        if (!camera.Distortion.IsDefault)
        {
            camera.Distortion.AsSpan(0, Math.Min(count, camera.Distortion.Length)).CopyTo(all);
        }

        return all;
    }

    /// <summary>A problem with coefficients past those that a format has places for, or null.</summary>
    protected static string? Beyond(CameraIntrinsics camera, int count, string format) =>
        !camera.Distortion.IsDefault && camera.Distortion.Length > count && camera.Distortion.AsSpan()[count..].ContainsAnyExcept(0.0)
            ? $"{format} has places for {count} coefficients, this lens has {camera.Distortion.Length}"
            : null;

    /// <summary>A problem with a skew, in formats that have no place for one.</summary>
    protected static string? Skewed(CameraIntrinsics camera, string format) => camera.Skew == 0 ? null : $"{format} has no place for skew";

    /// <summary>Adds a camera when its draft has no problems; each is told at the section.</summary>
    protected static void Add(
        List<CalibratedCamera> cameras, YamlSection section, CameraDraft draft, string matrixKey, string distortionKey, CameraPose? pose = null)
    {
        if (draft.Finish(matrixKey, distortionKey, section.Problem) is { } camera)
        {
            cameras.Add(new CalibratedCamera(camera) { Pose = pose });
        }
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static byte[] Json(object value) => Bytes(JsonSerializer.Serialize(value, Indented) + "\n");

    /// <summary>Numbers that read back as themselves.</summary>
    protected static string List(IEnumerable<double> values, string separator = ", ") => string.Join(separator, values.Select(Number));

    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
