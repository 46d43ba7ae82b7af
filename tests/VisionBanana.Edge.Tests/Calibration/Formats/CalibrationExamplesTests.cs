using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;

namespace VisionBanana.Edge.Tests.Calibration.Formats;

/// <summary>The files in calibration/: one for each format, all models among them.</summary>
public sealed class CalibrationExamplesTests
{
    public static TheoryData<string> FormatNames => [.. CalibrationFile.FormatNames];

    [Theory]
    [MemberData(nameof(FormatNames))]
    public void Examples_EachFormat_HasOneThatTheReadmeExplains(string format)
    {
        string folder = Path.Combine(Nearby.RepositoryRoot, "calibration");
        string[] files = [
            .. Directory.GetFiles(folder).Where(f => !f.EndsWith(".md", StringComparison.Ordinal) && !f.EndsWith(".pdf", StringComparison.Ordinal))];

        string example = Assert.Single(files, f => Path.GetFileName(f) == ExampleOf(format));

        Assert.Equal(format, CalibrationFile.Load(example).Format);
        Assert.Contains(Path.GetFileName(example), File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Examples_AllOfThem_AreReadWithoutAnErrorAndShowEveryModel()
    {
        var models = new HashSet<DistortionModel>();
        foreach (string file in Directory.GetFiles(Path.Combine(Nearby.RepositoryRoot, "calibration")).Where(f => !f.EndsWith(".md", StringComparison.Ordinal)))
        {
            foreach (CalibratedCamera camera in CalibrationFile.Load(file).Cameras)
            {
                models.Add(camera.Intrinsics.DistortionModel);
                Assert.DoesNotContain(CalibrationLint.Examine(camera), f => f.Severity == LintSeverity.Error);
            }
        }

        Assert.Equal(Enum.GetValues<DistortionModel>(), models.Order());
    }

    [Theory]
    [InlineData("rational.yaml", 8)]
    [InlineData("thin-prism.yaml", 12)]
    [InlineData("tilted.yaml", 14)]
    public void Examples_EachCountOfARationalModel_HasOneThatTheReadmeExplainsAndOfTheSameCamera(string file, int count)
    {
        string folder = Path.Combine(Nearby.RepositoryRoot, "calibration");
        CameraIntrinsics camera = CalibrationFile.Read(Path.Combine(folder, file)), board = CalibrationFile.Read(Path.Combine(folder, "board-camera.yml"));
        Assert.Equal(count, camera.Distortion.Length);
        Assert.Contains(file, File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        for (int y = 60; y < 480; y += 60)
        {
            for (int x = 60; x < 640; x += 60)
            {
                // Solved from the same pictures: rays are the same but for one turn of all of them, a few degrees, which the boards do not see.
                (double ax, double ay) = camera.Unproject(x, y);
                (double bx, double by) = board.Unproject(x, y);
                Assert.Equal(0, Math.Abs(ax - bx) + Math.Abs(ay - by), 0.2);
            }
        }
    }

    private static string ExampleOf(string format) => format switch
    {
        "ros" => "demo-room.yaml",
        "opencv" => "board-camera.yml",
        "opencv-xml" => "board-camera.xml",
        "kalibr" => "camchain.yaml",
        "euroc" => "sensor.yaml",
        "orbslam3" => "orbslam3.yaml",
        "basalt" => "basalt.json",
        "depthai" => "depthai.json",
        "zed" => "zed.conf",
        "realsense" => "realsense.json",
        "colmap" => "cameras.txt",
        "colmap-bin" => "cameras.bin",
        "nerfstudio" => "transforms.json",
        "matlab" => "Calib_Results.m",
        _ => throw new ArgumentException($"Add an example of {format} to calibration/, its name here, and a line to calibration/README.md.", nameof(format)),
    };
}
