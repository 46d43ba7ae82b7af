using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>The verbs <c>calibration</c> and <c>calibrate</c>.</summary>
public sealed class CalibrationTests
{
    [Theory]
    [InlineData("calib_hd_for_vga.yaml", 1, "principal_point")]
    [InlineData("millimetres.yaml", 1, "file")]
    [InlineData("fisheye-with-skew.yaml", 0, "behind")]
    public async Task Lint_FilesOfTheField_ExitsByItsErrors(string name, int exitCode, string rule)
    {
        Vbedge.Result result = await Vbedge.RunAsync("calibration", "lint", Nearby.SharedData($"field/{name}"), "--json");

        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal(exitCode, result.Json.GetProperty("errors").GetInt32());
        Assert.Equal(rule, result.Json.GetProperty("findings")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Lint_PictureOfAnotherAspect_IsAnError()
    {
        Vbedge.Result result = await Vbedge.RunAsync(
            "calibration", "lint", Example("fisheye.yaml"), "--image", Nearby.SharedData("boards/left01.jpg"), "--json");

        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Equal("picture_size", result.Json.GetProperty("findings")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Convert_ThroughThreeFormats_ScaledAndShown_IsTheSameCamera()
    {
        using var work = new WorkFolder();
        string euroc = Path.Combine(work.Path, "sensor.yaml"), small = Path.Combine(work.Path, "small.yaml"), picture = Path.Combine(work.Path, "show.png");

        Assert.Equal(0, (await Vbedge.RunAsync("calibration", "convert", Example("camchain.yaml") + "#cam1", euroc)).ExitCode);
        Assert.Equal(0, (await Vbedge.RunAsync("calibration", "scale", euroc, small, "--size", "320x240")).ExitCode);
        Vbedge.Result show = await Vbedge.RunAsync("calibration", "show", small, "-o", picture, "--json");
        Vbedge.Result wide = await Vbedge.RunAsync("calibration", "scale", euroc, small, "--size", "640x360");

        Assert.True(show.ExitCode == 0, show.ToString());
        Assert.Equal(320, show.Json.GetProperty("width").GetInt32());
        Assert.InRange(show.Json.GetProperty("fx").GetDouble(), 265, 272);
        Assert.Equal(1, show.Json.GetProperty("ray_coverage").GetDouble());
        Assert.True(new FileInfo(picture).Length > 1000);
        Assert.Equal(2, wide.ExitCode);
        Assert.Contains("aspect ratio", wide.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CalibrateChessboard_RealPictures_WritesAGoodCameraAndItsPage()
    {
        using var work = new WorkFolder();
        string camera = Path.Combine(work.Path, "camera.yaml"), page = Path.Combine(work.Path, "camera.html");
        Vbedge.Result result = await Vbedge.RunAsync(
            "calibrate", "chessboard", "--images", Path.Combine(Path.GetDirectoryName(Nearby.SharedData("boards/left01.jpg"))!, "left*.jpg"),
            "--pattern", "9x6", "--square", "0.025", "--model", "plumb_bob", "-o", camera, "--report", page, "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.InRange(result.Json.GetProperty("rms").GetDouble(), 0.05, 0.45);
        JsonElement solved = result.Json.GetProperty("cameras")[0];
        Assert.Equal(13, solved.GetProperty("found").GetInt32());
        Assert.Equal(13, solved.GetProperty("used").GetInt32());
        Assert.Contains("# camera: rms", await File.ReadAllTextAsync(camera), StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(page), StringComparison.Ordinal);
        Assert.Equal(0, (await Vbedge.RunAsync("calibration", "lint", camera)).ExitCode);
    }

    [Fact]
    public async Task CalibrateMount_BoardInAPicture_IsWrittenIntoThePipelineFile()
    {
        using var work = new WorkFolder();
        string pipeline = work.WritePipeline();
        Vbedge.Result result = await Vbedge.RunAsync(
            "calibrate", "mount", "chessboard", "--image", Nearby.SharedData("boards/left01.jpg"), "--camera", Example("board-camera.yml"),
            "--square", "0.025", "--pipeline", pipeline, "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.InRange(result.Json.GetProperty("height_m").GetDouble(), 0.1, 1);
        string text = await File.ReadAllTextAsync(pipeline);
        Assert.Contains("mount:", text, StringComparison.Ordinal);
        Assert.Contains("parent: base_link", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CalibrateTarget_Charuco_FillsThePaper()
    {
        using var work = new WorkFolder();
        string pdf = Path.Combine(work.Path, "target.pdf");

        Vbedge.Result result = await Vbedge.RunAsync("calibrate", "target", "charuco", "--paper", "a4", "-o", pdf);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.StartsWith("%PDF", await File.ReadAllTextAsync(pdf), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("calibrate", "chessboard", "--images", "no/such/*.jpg", "--square", "0.025")]
    [InlineData("calibrate", "chessboard", "--images", "no/such/*.jpg", "--square", "0,025")]
    [InlineData("calibrate", "chessboard", "--images", "no/such/*.jpg", "--square", "25")]
    [InlineData("calibrate", "chessboard", "--images", "no/such/*.jpg")]
    [InlineData("calibrate", "charuco", "--images", "no/such/*.jpg", "--square", "0.025", "--dictionary", "9X9_7")]
    [InlineData("calibrate", "aprilgrid", "--images", "no/such/*.jpg", "--tag", "0.03", "--pattern", "sixbysix")]
    [InlineData("calibration", "convert", "none.yaml", "out.yaml")]
    [InlineData("calibration", "scale", "none.yaml", "out.yaml", "--size", "big")]
    public async Task AnyVerb_WrongUse_IsToldInOneLineWithExitCode2(params string[] args)
    {
        Vbedge.Result result = await Vbedge.RunAsync(args);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.StartsWith("vbedge: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private static string Example(string name) => Path.Combine(Nearby.RepositoryRoot, "calibration", name);
}
