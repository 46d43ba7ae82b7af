using System.Globalization;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// Camera calibrations as ROS keeps them. Reads the file that the ROS and ROS 2 calibrators write (<c>camera_info</c> YAML) and a
/// sensor_msgs/CameraInfo message as <c>ros2 topic echo</c> prints it; writes the former. Rectification and projection
/// matrices are checked for their form and not used: pictures stay in the optical frame of the camera itself.
/// </summary>
public static class CameraInfoYaml
{
    /// <summary>Reads a calibration. A region of interest and binning in it are applied: the result is for the pictures as delivered.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read or is not a calibration; every problem is told with its place.</exception>
    public static CameraIntrinsics Read(string path) => Read(YamlFile.Load(path)).Intrinsics;

    /// <summary>Reads a calibration from text; <paramref name="name"/> is what problems call it.</summary>
    /// <exception cref="ConfigurationException">The text is not a calibration; every problem is told with its place.</exception>
    public static CameraIntrinsics Parse(string text, string name) => Read(YamlFile.Parse(text, name)).Intrinsics;

    /// <summary>Writes a calibration; an existing file is replaced in one step.</summary>
    /// <exception cref="ArgumentException">The intrinsics are not ones that <see cref="Read(string)"/> would accept.</exception>
    /// <exception cref="CameraException">The file cannot be written.</exception>
    public static void Write(string path, CameraIntrinsics intrinsics)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text = Format(intrinsics);
        try
        {
            Parse(text, path);
        }
        catch (ConfigurationException e)
        {
            throw new ArgumentException($"These intrinsics are not a calibration that could be read back: {e.Message}", nameof(intrinsics), e);
        }

        CalibrationWriter.Replace(path, System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The calibration as YAML text.</summary>
    public static string Format(CameraIntrinsics intrinsics)
    {
        ArgumentNullException.ThrowIfNull(intrinsics);
        CameraIntrinsics c = intrinsics;
        LensModel lens = LensModels.Of(c.DistortionModel);
        double[] distortion = c.Distortion.IsDefaultOrEmpty ? new double[lens.DefaultCount] : [.. c.Distortion];
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"image_width: {c.Width}\nimage_height: {c.Height}\n");
        yaml.Append(CultureInfo.InvariantCulture, $"camera_name: {JsonSerializer.Serialize(c.Name)}\n");
        Matrix(yaml, "camera_matrix", 3, 3, [c.Fx, c.Skew, c.Cx, 0, c.Fy, c.Cy, 0, 0, 1]);
        yaml.Append(CultureInfo.InvariantCulture, $"distortion_model: {lens.Name}\n");
        Matrix(yaml, "distortion_coefficients", 1, distortion.Length, distortion);
        Matrix(yaml, "rectification_matrix", 3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        CameraIntrinsics p = c.Pinhole();
        Matrix(yaml, "projection_matrix", 3, 4, [p.Fx, 0, p.Cx, 0, 0, p.Fy, p.Cy, 0, 0, 0, 1, 0]);
        return yaml.ToString();
    }

    internal static CalibratedCamera Read(YamlSection root)
    {
        CalibratedCamera? camera = new CameraInfoReader(root).Read();
        root.Problems.ThrowIfAny();
        return camera ?? throw new InvalidOperationException("A calibration without problems must have been read.");
    }

    private static void Matrix(StringBuilder yaml, string key, int rows, int columns, ReadOnlySpan<double> values)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"{key}:\n  rows: {rows}\n  cols: {columns}\n  data: [");
        for (int i = 0; i < values.Length; i++)
        {
            yaml.Append(i == 0 ? "" : ", ").Append(values[i].ToString("R", CultureInfo.InvariantCulture));
        }

        yaml.Append("]\n");
    }
}
