using System.Globalization;
using System.Text;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Pipelines;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Writes <c>camera.mount</c> into a pipeline file and leaves every other line as it is.</summary>
internal static class MountWriter
{
    // Roll and yaw of a camera that looks straight down cannot be told apart.
    private const double SteepDegrees = 89;

    /// <summary>The section, indented for its place under <c>camera:</c>.</summary>
    public static string Section(CameraMount mount, string indent = "  ")
    {
        UnitQuaternion q = mount.Rotation;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{indent}mount:\n{indent}  parent: {mount.ParentFrame}\n{indent}  position_m: [{mount.X:0.####}, {mount.Y:0.####}, {mount.Z:0.####}]\n")
            + (Math.Abs(mount.PitchDegrees) < SteepDegrees
                ? string.Create(
                    CultureInfo.InvariantCulture, $"{indent}  rpy_deg: [{mount.RollDegrees:0.###}, {mount.PitchDegrees:0.###}, {mount.YawDegrees:0.###}]\n")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{indent}  frame: optical\n{indent}  quaternion: [{q.X:0.######}, {q.Y:0.######}, {q.Z:0.######}, {q.W:0.######}]\n"));
    }

    /// <exception cref="ConfigurationException">The file is no pipeline file, or cannot be written.</exception>
    public static void Write(string path, CameraMount mount)
    {
        ToolSections.Read(path);
        string[] lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        int camera = Array.FindIndex(lines, l => l.TrimEnd() == "camera:" || l.StartsWith("camera: #", StringComparison.Ordinal));
        if (camera < 0)
        {
            throw new ConfigurationException($"{path}: expected a line 'camera:' with its keys below; add the section by hand:\n{Section(mount)}");
        }

        int end = camera + 1;
        while (end < lines.Length && (lines[end].Length == 0 || lines[end][0] is ' ' or '#'))
        {
            end++;
        }

        string indent = lines[(camera + 1)..end].Where(l => l.Trim().Length > 0 && l.TrimStart()[0] != '#')
            .Select(l => l[..^l.TrimStart().Length])
            .FirstOrDefault("  ");
        int old = Array.FindIndex(lines, camera + 1, end - camera - 1, l => l.StartsWith($"{indent}mount:", StringComparison.Ordinal));
        var text = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i == old)
            {
                // The old section goes with everything that is indented deeper.
                while (i + 1 < end && lines[i + 1].StartsWith(indent + " ", StringComparison.Ordinal))
                {
                    i++;
                }

                continue;
            }

            text.Append(lines[i]).Append(i < lines.Length - 1 ? "\n" : "");
            if (i == camera)
            {
                text.Append(Section(mount, indent));
            }
        }

        OutputFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
        ToolSections.Read(path);
    }
}
