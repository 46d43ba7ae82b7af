using System.Text.Json;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Onnx.Tests;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

public sealed class InferTests
{
    [Fact]
    public async Task Infer_ARealPicture_WritesEveryFileInThePixelsOfThePicture()
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunInAsync(
            work.Path, "infer", Nearby.SharedData("real/tabletop-a/rgb/000.jpg"), "--camera", Nearby.SharedData("real/tabletop-a/camera.yaml"),
            "--instruction", "depth", "--instruction", "labels", "--instruction", "normals", "-o", "out", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement only = result.Json;
        Assert.Equal((640, 480), (only.GetProperty("width").GetInt32(), only.GetProperty("height").GetInt32()));
        Assert.InRange(only.GetProperty("depth_m").GetDouble(), 0.2, 20);
        foreach (string file in (string[])["painting-depth.png", "depth.png", "labels.png", "cloud.ply", "camera.yaml", "preview.png", "painting-normals.png"])
        {
            Assert.True(File.Exists(Path.Combine(work.Path, "out", $"000.{file}")), file);
        }

        CameraIntrinsics camera = CameraInfoYaml.Read(Path.Combine(work.Path, "out", "000.camera.yaml"));
        Assert.Equal((640, 480, 525.0), (camera.Width, camera.Height, camera.Fx));
        PointCloud cloud = PlyFile.Read(Path.Combine(work.Path, "out", "000.cloud.ply"));
        Assert.Equal(only.GetProperty("points").GetInt32(), cloud.Points.Length);
    }

    [Fact]
    public async Task Infer_TwoPictures_AnswersDifferently()
    {
        using var work = new WorkFolder();
        string[] pictures = ["000", "020"];

        Vbedge.Result result = await Vbedge.RunInAsync(
            work.Path,
            ["infer", .. pictures.Select(p => Nearby.SharedData($"real/tabletop-a/rgb/{p}.jpg")),
                "--camera", Nearby.SharedData("real/tabletop-a/camera.yaml"), "--instruction", "depth", "-o", "out", "--size", "painter", "--json"]);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.NotEqual(
            await File.ReadAllBytesAsync(Path.Combine(work.Path, "out", "000.depth.png")),
            await File.ReadAllBytesAsync(Path.Combine(work.Path, "out", "020.depth.png")));
    }

    [Fact]
    public async Task Infer_InstancesOfAClass_WritesTheirIds()
    {
        using var work = new WorkFolder();
        using var model = TestModel.Instances();
        string picture = Path.Combine(work.Path, "dogs.png");
        using (var rgb = new OpenCvSharp.Mat(24, 32, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(0)))
        {
            // Blue is the cell, green the class: two dogs.
            OpenCvSharp.Cv2.Rectangle(rgb, new OpenCvSharp.Rect(3, 4, 8, 10), new OpenCvSharp.Scalar(81, 8, 0), -1);
            OpenCvSharp.Cv2.Rectangle(rgb, new OpenCvSharp.Rect(18, 6, 9, 9), new OpenCvSharp.Scalar(121, 8, 0), -1);
            Assert.True(OpenCvSharp.Cv2.ImWrite(picture, rgb));
        }

        Vbedge.Result result = await Vbedge.RunInAsync(
            work.Path, "infer", picture, "--hfov", "60", "--model", model.Folder, "--instruction", "instances:dog", "--size", "painter", "-o", "out");

        Assert.True(result.ExitCode == 0, result.ToString());
        using var ids = OpenCvSharp.Cv2.ImRead(Path.Combine(work.Path, "out", "dogs.instances.png"), OpenCvSharp.ImreadModes.Grayscale);
        Assert.Equal((0, 1, 2), (ids.At<byte>(0, 0), ids.At<byte>(8, 6), ids.At<byte>(10, 22)));
    }

    [Fact]
    public async Task Infer_KnownMount_IsToldToThePainter()
    {
        using var work = new WorkFolder();
        string[] asked =
            ["infer", Nearby.SharedData("real/tabletop-a/rgb/000.jpg"), "--camera", Nearby.SharedData("real/tabletop-a/camera.yaml"), "--instruction", "depth"];

        Vbedge.Result unknown = await Vbedge.RunInAsync(work.Path, [.. asked, "-o", "unknown", "--json"]);
        Vbedge.Result known = await Vbedge.RunInAsync(work.Path, [.. asked, "-o", "known", "--mount-height", "1.5", "--mount-pitch", "40", "--json"]);

        Assert.True(unknown.ExitCode == 0 && known.ExitCode == 0, known.ToString());
        Assert.NotEqual(unknown.Json.GetProperty("depth_m").GetDouble(), known.Json.GetProperty("depth_m").GetDouble());
    }

    [Fact]
    public async Task Infer_NoCalibration_RefusesDepthButPaintsLabels()
    {
        using var work = new WorkFolder();
        string picture = Nearby.SharedData("real/tabletop-a/rgb/000.jpg");

        Vbedge.Result refused = await Vbedge.RunInAsync(work.Path, "infer", picture, "-o", "out");
        Vbedge.Result labels = await Vbedge.RunInAsync(work.Path, "infer", picture, "--instruction", "labels", "-o", "out");

        Assert.True(refused.ExitCode == 2 && refused.Error.Contains("--hfov", StringComparison.Ordinal), refused.ToString());
        Assert.True(labels.ExitCode == 0, labels.ToString());
        Assert.True(File.Exists(Path.Combine(work.Path, "out", "000.labels.png")));
        Assert.False(File.Exists(Path.Combine(work.Path, "out", "000.cloud.ply")));
    }

    [Fact]
    public async Task Infer_PicturesOfOneNameAndBadOnes_MirrorsTheirFoldersAndTellsTheBadOnesAtTheEnd()
    {
        using var work = new WorkFolder();
        foreach (string name in (string[])["in/a/000.jpg", "in/b/000.jpg", "in/b/000.jpeg"])
        {
            Directory.CreateDirectory(Path.Combine(work.Path, Path.GetDirectoryName(name)!));
            File.Copy(Nearby.SharedData("real/tabletop-a/rgb/000.jpg"), Path.Combine(work.Path, name));
        }

        await File.WriteAllBytesAsync(Path.Combine(work.Path, "in", "a", "empty.png"), []);

        Vbedge.Result result = await Vbedge.RunInAsync(
            work.Path, "infer", "in", "no-such.jpg", "--hfov", "60", "--instruction", "depth", "-o", "out", "--json");

        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("2 of 5 pictures", result.Error, StringComparison.Ordinal);
        Assert.Contains("no-such.jpg", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        JsonElement[] lines = [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
        Assert.Equal(3, lines.Count(l => l.TryGetProperty("files", out _)));
        JsonElement bad = lines.Single(l => l.TryGetProperty("problem", out _) && l.GetProperty("image").GetString() == Path.Combine("in", "a", "empty.png"));
        Assert.Contains("empty", bad.GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.All(
            (string[])["in/a/000.depth.png", "in/b/000.jpg.depth.png", "in/b/000.jpeg.depth.png"],
            f => Assert.True(File.Exists(Path.Combine(work.Path, "out", f)), f));
    }

    [Fact]
    public async Task Infer_CalibrationOfAnotherSize_StopsWithTwoAndSaysWhy()
    {
        using var work = new WorkFolder();
        string picture = Nearby.SharedData("real/tabletop-a/rgb/000.jpg");

        Vbedge.Result wrong = await Vbedge.RunInAsync(
            work.Path, "infer", picture, "--camera", Nearby.SharedData("field/calib_hd_for_vga.yaml"), "-o", "out");
        Vbedge.Result suspicious = await Vbedge.RunInAsync(
            work.Path, "infer", picture, "--camera", Nearby.SharedData("real/tabletop-a/camera.yaml"), "--instruction", "depth", "-o", "out");

        Assert.True(wrong.ExitCode == 2 && wrong.Error.Contains("principal point", StringComparison.Ordinal), wrong.ToString());
        Assert.True(suspicious.ExitCode == 0 && suspicious.Error.Contains("vbedge: warning: ", StringComparison.Ordinal), suspicious.ToString());
    }

    [Fact]
    public async Task Infer_TheClip_IsNearerToItsTruthThanAConstant()
    {
        using var work = new WorkFolder();
        // Frame 50 of the clip against the true depth that was rendered with it.
        string repository = Path.Combine(Nearby.RepositoryRoot, "samples", "demo", "truth");
        string png = Path.Combine(work.Path, "050.png");
        using (var capture = new OpenCvSharp.VideoCapture(Path.Combine(WorkFolder.Demo, "room.mp4")))
        using (var picture = new OpenCvSharp.Mat())
        {
            for (int i = 0; i <= 50; i++)
            {
                Assert.True(capture.Read(picture));
            }

            Assert.True(OpenCvSharp.Cv2.ImWrite(png, picture));
        }

        Vbedge.Result result = await Vbedge.RunInAsync(
            work.Path, "infer", png, "--camera", Path.Combine(WorkFolder.Assets, "calibration", "demo-room.yaml"), "--instruction", "depth", "-o", "out");

        Assert.True(result.ExitCode == 0, result.ToString());
        float[] truth = ReadDepth(Path.Combine(repository, "050.png")), painted = ReadDepth(Path.Combine(work.Path, "out", "050.depth.png"));
        (float T, float P)[] both = [.. truth.Zip(painted).Where(p => p.First > 0 && p.Second > 0)];
        Assert.True(both.Length > truth.Length / 2);
        float median = both.Select(p => p.T).Order().ElementAt(both.Length / 2), scale = median / both.Select(p => p.P).Order().ElementAt(both.Length / 2);
        double aligned = both.Average(p => Math.Abs((p.P * scale) - p.T) / p.T), constant = both.Average(p => Math.Abs(median - p.T) / p.T);
        Assert.True(aligned < constant, $"AbsRel {aligned:0.000} median-aligned, the constant {median:0.00} m has {constant:0.000}");
    }

    private static float[] ReadDepth(string path)
    {
        using OpenCvSharp.Mat millimetres = OpenCvSharp.Cv2.ImRead(path, OpenCvSharp.ImreadModes.AnyDepth);
        Assert.True(millimetres.GetArray(out ushort[] samples));
        return [.. samples.Select(s => s / 1000f)];
    }
}
