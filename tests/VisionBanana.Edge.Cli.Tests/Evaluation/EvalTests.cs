using System.Text.Json;
using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Evaluation;

/// <summary>The verb as users run it.</summary>
public sealed class EvalTests
{
    [Fact]
    public async Task Eval_RealTabletop_ReportsEveryMeasureAndASheet()
    {
        using var work = new WorkFolder();
        string tabletop = SomeOf(Nearby.SharedData("real/tabletop-a"), Path.Combine(work.Path, "tabletop-a"), every: 9);
        string office = Nearby.SharedData("real/office-tum");

        Vbedge.Result result = await Vbedge.RunInAsync(work.Path, "eval", tabletop, office, "--zoom", "1.5", "--sheet", "sheet.png", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] reports = [.. result.Json.GetProperty("datasets").EnumerateArray()];
        Assert.Equal(["tabletop-a", "office-tum"], reports.Select(r => r.GetProperty("dataset").GetString()));
        Assert.Equal([5, 1], reports.Select(r => r.GetProperty("pictures").GetInt32()));
        foreach (string key in (string[])["delta1", "abs_rel", "rmse", "delta1_aligned", "abs_rel_aligned", "delta1_baseline", "abs_rel_baseline",
            "delta1_aligned_baseline", "abs_rel_aligned_baseline", "abs_rel_confident_90", "confidence_auc", "delta1_edges", "normal_mean_deg",
            "normal_median_deg", "object_iou"])
        {
            Assert.InRange(reports[0].GetProperty(key).GetDouble(), 0, 180);
        }

        Assert.All(reports, r => Assert.Equal(JsonValueKind.Null, r.GetProperty("miou").ValueKind));

        // Facts of the data, whatever the model: one table at about a metre.
        Assert.InRange(reports[0].GetProperty("constant_m").GetDouble(), 0.5, 1.5);
        Assert.InRange(reports[0].GetProperty("abs_rel_baseline").GetDouble(), 0.15, 0.22);

        // The released painter is better than a constant where it is told the scale.
        Assert.InRange(reports[0].GetProperty("abs_rel_aligned").GetDouble(), 0.01, reports[0].GetProperty("abs_rel_aligned_baseline").GetDouble());
        Assert.True(double.IsFinite(reports[0].GetProperty("zoom")[0].GetProperty("log_ratio_median").GetDouble()));
        using Mat sheet = Cv2.ImRead(Path.Combine(work.Path, "sheet.png"));
        Assert.True(sheet.Width > 1000 && sheet.Height > 800, $"{sheet.Width}×{sheet.Height}");
    }

    private static string SomeOf(string dataset, string copy, int every)
    {
        foreach (string part in (string[])["rgb", "depth", "labels"])
        {
            Directory.CreateDirectory(Path.Combine(copy, part));
            foreach (string file in Directory.GetFiles(Path.Combine(dataset, part)).Order(StringComparer.Ordinal).Where((_, i) => i % every == 0))
            {
                File.Copy(file, Path.Combine(copy, part, Path.GetFileName(file)));
            }
        }

        File.Copy(Path.Combine(dataset, "camera.yaml"), Path.Combine(copy, "camera.yaml"));
        return copy;
    }

    /// <summary>The floor of the demo clip, with the camera's place as a plane through the true floor has it.</summary>
    [Fact]
    public async Task Eval_DemoFloor_IsBetterWhenTheMountIsKnown()
    {
        using var work = new WorkFolder();
        string truth = Path.Combine(Nearby.RepositoryRoot, "samples", "demo", "truth");
        File.Copy(Path.Combine(WorkFolder.Assets, "calibration", "demo-room.yaml"), Path.Combine(work.Path, "camera.yaml"));
        work.Write("dataset.yaml", """
            geometries:
              - {picture: "000", up: [-0.00167, -0.97308, -0.23046], height_m: 1.540}
              - {picture: "050", up: [0.00118, -0.94405, -0.32980], height_m: 1.452}
              - {picture: "100", up: [-0.00291, -0.85947, -0.51117], height_m: 1.437}
            """);
        foreach (string part in (string[])["rgb", "depth", "masks"])
        {
            Directory.CreateDirectory(Path.Combine(work.Path, part));
        }

        using var clip = new VideoCapture(Path.Combine(WorkFolder.Demo, "room.mp4"));
        using var picture = new Mat();
        for (int i = 0; i <= 100; i++)
        {
            Assert.True(clip.Read(picture));
            if (i % 50 == 0)
            {
                string name = $"{i:000}.png";
                using Mat labels = Cv2.ImRead(Path.Combine(truth, $"{i:000}.labels.png"), ImreadModes.Grayscale), floor = new();
                Cv2.Compare(labels, Scalar.All(1), floor, CmpTypes.EQ);
                Assert.True(Cv2.ImWrite(Path.Combine(work.Path, "rgb", name), picture) && Cv2.ImWrite(Path.Combine(work.Path, "masks", name), floor));
                File.Copy(Path.Combine(truth, name), Path.Combine(work.Path, "depth", name));
            }
        }

        Vbedge.Result unknown = await Vbedge.RunAsync("eval", work.Path, "--json"), known = await Vbedge.RunAsync(
            "eval", work.Path, "--geometry", "plane", "--json");

        Assert.True(unknown.ExitCode == 0 && known.ExitCode == 0, unknown + known.ToString());
        double before = unknown.Json.GetProperty("datasets")[0].GetProperty("abs_rel").GetDouble();
        double after = known.Json.GetProperty("datasets")[0].GetProperty("abs_rel").GetDouble();
        Assert.True(after < before, $"AbsRel of the floor {before:0.000}, told the mount {after:0.000}");
    }

    [Fact]
    public async Task Eval_SmallDataset_PrintsATable()
    {
        using var data = new TestDataset();
        data.Add("a", (_, _) => new Rgb24(90, 120, 30), (_, _) => 2);

        Vbedge.Result result = await Vbedge.RunAsync("eval", data.Folder);

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("AbsRel", result.Output, StringComparison.Ordinal);
        Assert.Contains("best constant", result.Output, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(data.Folder), result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Eval_BadDatasets_TellsEverythingAtOnce()
    {
        using var data = new TestDataset("depth_scale: 0\nlabels: classes\ncolour: red\n");
        data.Add("whole", (_, _) => default, (_, _) => 2);
        data.Add("no-depth", (_, _) => default, (_, _) => 2);
        File.Delete(Path.Combine(data.Folder, "depth", "no-depth.png"));
        using var empty = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunAsync("eval", data.Folder, empty.Path, "no-such-folder");

        Assert.Equal(2, result.ExitCode);
        foreach (string part in (string[])["dataset.yaml:1:", "depth_scale", "classes", "colour: unknown key", Path.Combine("depth", "no-depth.png"),
            Path.Combine(empty.Path, "camera.yaml"), Path.Combine(empty.Path, "rgb"), "no-such-folder"])
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Eval_WrongPictures_AreToldBeforeTheFirstIsPainted()
    {
        using var data = new TestDataset();
        data.Add("size", (_, _) => default, (_, _) => 2);
        data.Add("colour", (_, _) => default, (_, _) => 2);
        data.Add("cut", (_, _) => default, (_, _) => 2);
        using (var small = new Mat(10, 20, MatType.CV_16UC1, Scalar.All(1000)))
        using (var rgb = new Mat(48, 64, MatType.CV_8UC3, Scalar.All(100)))
        {
            Assert.True(Cv2.ImWrite(Path.Combine(data.Folder, "depth", "size.png"), small));
            Assert.True(Cv2.ImWrite(Path.Combine(data.Folder, "depth", "colour.png"), rgb));
        }

        string cut = Path.Combine(data.Folder, "rgb", "cut.png");
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..40]);

        Vbedge.Result result = await Vbedge.RunAsync("eval", data.Folder, "--json");

        Assert.Equal(2, result.ExitCode);
        Assert.Equal(2, result.Json.GetProperty("exit_code").GetInt32());
        foreach (string part in (string[])["64×48", "20×10", "3 channels", "cut off"])
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Eval_GeometryThatNobodyKnows_IsRefused()
    {
        using var data = new TestDataset("geometry: {up: [0, -1, 0]}\n");
        data.Add("a", (_, _) => default, (_, _) => 2);

        Vbedge.Result plane = await Vbedge.RunAsync("eval", data.Folder, "--geometry", "plane");
        Vbedge.Result up = await Vbedge.RunAsync("eval", data.Folder, "--geometry", "up", "--json");

        Assert.True(plane.ExitCode == 2 && plane.Error.Contains("height_m", StringComparison.Ordinal), plane.ToString());
        Assert.True(up.ExitCode == 0 && up.Json.GetProperty("datasets")[0].GetProperty("geometry").GetString() == "up", up.ToString());
    }
}
