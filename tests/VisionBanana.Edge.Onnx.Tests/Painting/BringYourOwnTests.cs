using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>
/// The manifests of models/bring-your-own on graphs with random weights and the signatures of the public exports (make_random_graphs.py there):
/// what the painter says is what the graph said, turned into metres as its authors do.
/// </summary>
public sealed class BringYourOwnTests
{
    private const float MogeShift = 0.7f;

    private static readonly ExecutionOptions Processor = new() { Prefer = [ExecutionProvider.Cpu], Threads = 1 };

    [Theory]
    [InlineData("depth-anything-v2-metric")]
    [InlineData("depth-anything-3-metric")]
    [InlineData("moge-2")]
    [InlineData("unidepth-v2")]
    [InlineData("lotus-depth-d")]
    [InlineData("lightly-dav3-metric")]
    [InlineData("yolo26-depth")]
    [InlineData("zipdepth")]
    [InlineData("metric3d-v2")]
    public void Verify_Manifest_FitsItsGraph(string name)
    {
        using var folder = new Package(name);

        Assert.Empty(ModelPackage.Verify(folder.Path).Problems);
        Assert.Equal([PerceptKind.Depth], ModelPackage.Open(folder.Path).Kinds);
    }

    [Fact]
    public void DepthAnything2_IsMetresAsTheyAre() => Compare(
        "depth-anything-v2-metric", CameraIntrinsics.FromHorizontalFov(518, 518, 46.8), (raw, i) => raw["depth"][i]);

    [Fact]
    public void DepthAnything3_IsTimesTheFocalLengthOver300_AndSkyIsTooFar()
    {
        var camera = new CameraIntrinsics(504, 378, 450, 450, 251.5, 188.5);
        int sky = 0;
        Compare("depth-anything-3-metric", camera, (raw, i) =>
        {
            sky += raw["sky"][i] > 0.3f ? 1 : 0;
            return raw["sky"][i] > 0.3f ? float.PositiveInfinity : raw["depth"][i] * 450 / 300;
        });
        Assert.InRange(sky, 100, (504 * 378) - 100);
    }

    [Fact]
    public void Moge2_IsShiftedOntoTheRaysAndScaled()
    {
        int masked = 0;
        Compare("moge-2", CameraIntrinsics.FromHorizontalFov(518, 392, 60), (raw, i) =>
        {
            masked += raw["mask"][i] > 0.5f ? 0 : 1;
            return raw["mask"][i] > 0.5f ? (raw["points"][(i * 3) + 2] + MogeShift) * raw["metric_scale"][0] : float.NaN;
        });
        Assert.InRange(masked, 0, 518 * 392 / 2);
    }

    [Fact]
    public void UniDepth2_IsToldTheRays() => Compare(
        "unidepth-v2", new CameraIntrinsics(630, 462, 400, 420, 300, 240), (raw, i) => raw["pts_3d"][(2 * 630 * 462) + i]);

    [Fact]
    public void Lotus_IsTheReciprocalOfItsDisparity() => Compare(
        "lotus-depth-d", CameraIntrinsics.FromHorizontalFov(768, 576, 60), (raw, i) => 1 / raw["disparity"][i]);

    [Fact]
    public void DepthAnything2_TrainingViews_AreThoseOfItsCrops()
    {
        // Hypersim: 886.81 px at 768 rows, Virtual KITTI 2: 725.0087 px at 375 rows; both resized so that the rows are 518, of which 518 columns are cut.
        static double View(double focal, double rows) => 2 * Math.Atan(259 / (focal * 518 / rows)) * 180 / Math.PI;

        using var folder = new Package("depth-anything-v2-metric");
        Assert.Equal(View(886.81, 768), ModelPackage.Open(folder.Path).Manifest.Camera.HorizontalFovDegrees!.Value, 0.05);
        Assert.Equal(29.0, View(725.0087, 375), 0.05);
    }

    [Fact]
    public void LightlyDav3_IsTimesTheMeanFocalLengthOver300_AndSkyIsNoProbability()
    {
        int sky = 0;
        Compare("lightly-dav3-metric", new CameraIntrinsics(512, 384, 450, 470, 255, 190), (raw, i) =>
        {
            sky += raw["sky"][i] > 0.3f ? 1 : 0;
            return raw["sky"][i] > 0.3f ? float.PositiveInfinity : raw["depth"][i] * 460 / 300;
        });
        Assert.InRange(sky, 100, (512 * 384) - 100);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(95)]
    public void Yolo26Depth_AnyCamera_IsAsTheGraphSaysTimesTheScaleThatTheUserFound(double view)
    {
        Compare("yolo26-depth", CameraIntrinsics.FromHorizontalFov(768, 768, view), (raw, i) => raw["output0"][i]);
        Compare("yolo26-depth", CameraIntrinsics.FromHorizontalFov(768, 768, view), (raw, i) => raw["output0"][i] * 1.7f, change: y =>
            y.Replace("scale: 1.0}", "scale: 1.7}", StringComparison.Ordinal));
    }

    [Fact]
    public void ZipDepth_IsTheReciprocalOfItsOutput() => Compare(
        "zipdepth", CameraIntrinsics.FromHorizontalFov(512, 384, 70), (raw, i) => 1 / raw["depth"][i]);

    [Fact]
    public void Metric3D_IsTimesTheFocalLengthOver1000_WithBarsOfTheMeanColour() => Compare(
        "metric3d-v2", CameraIntrinsics.FromHorizontalFov(1064, 616, 75),
        (raw, i) => raw["pred_depth"][i] * (float)(CameraIntrinsics.FromHorizontalFov(1064, 616, 75).Fx / 1000), bars: 70);

    [Fact]
    public void Segmentation_IsTheBestClassAndItsSoftmax()
    {
        using var folder = new Package("segmentation");
        ModelPackage package = ModelPackage.Open(folder.Path);
        CameraIntrinsics camera = CameraIntrinsics.FromHorizontalFov(512, 256, 60);
        using PerceptionFrame frame = TestFrames.Gradient(camera, 512, 256);
        using (OnnxPainter painter = OnnxPainter.Load(package, Processor))
        {
            painter.Paint(frame, [Instruction.Semantic(painter.Description.Classes)]);
        }

        float[] scores = RunAlone(package.Manifest, folder.Graph, frame, camera)["preds"];
        Percept labels = frame.Find(PerceptKind.Labels)!;
        for (int i = 0; i < 512 * 256; i += 13)
        {
            double[] at = [.. Enumerable.Range(0, 19).Select(c => (double)scores[(c * 512 * 256) + i])];
            Assert.Equal(Array.IndexOf(at, at.Max()), labels.Labels[i]);
            Assert.Equal(1 / at.Sum(s => Math.Exp(s - at.Max())), labels.Confidence[i], 1e-4);
        }

        Assert.True(labels.Labels.ToArray().Distinct().Count() > 3);
    }

    [Fact]
    public void YoloSeg_MasksAreThoseOfItsAuthors()
    {
        using var folder = new Package("yolo-seg");
        ModelPackage package = ModelPackage.Open(folder.Path);
        CameraIntrinsics camera = CameraIntrinsics.FromHorizontalFov(640, 640, 60);
        using PerceptionFrame frame = TestFrames.Gradient(camera, 640, 640);
        using (OnnxPainter painter = OnnxPainter.Load(package, Processor))
        {
            Assert.Equal([PerceptKind.Instances], package.Kinds);
            Assert.Contains("'unicorn' is none of them", painter.WhyNot(Instruction.Instances("unicorn", default)), StringComparison.Ordinal);
            painter.Paint(frame, [Instruction.Instances("car", default)]);
        }

        Dictionary<string, float[]> raw = RunAlone(package.Manifest, folder.Graph, frame, camera);
        (float[] found, float[] prototypes) = (raw["output0"], raw["output1"]);

        // Rows of class 2 with a score of 0.25 or more, best first; a mask is coefficients · prototypes, cut to the box at 160 × 160, enlarged, above 0.
        int[] cars = [.. Enumerable.Range(0, 300).Where(r => found[(r * 38) + 5] == 2 && found[(r * 38) + 4] >= 0.25f).OrderByDescending(r =>
            found[(r * 38) + 4])];
        Assert.True(cars.Length > 3);
        var expected = new ushort[640 * 640];
        var doubtful = new bool[640 * 640];
        for (int n = 0; n < cars.Length; n++)
        {
            int row = cars[n] * 38;
            var mask = new double[160 * 160];
            for (int p = 0; p < mask.Length; p++)
            {
                (int y, int x) = Math.DivRem(p, 160);
                bool inside = x >= found[row] / 4 && x < found[row + 2] / 4 && y >= found[row + 1] / 4 && y < found[row + 3] / 4;
                mask[p] = inside ? Enumerable.Range(0, 32).Sum(k => (double)found[row + 6 + k] * prototypes[(k * 160 * 160) + p]) : 0;
            }

            for (int i = 0; i < expected.Length; i++)
            {
                double y = Math.Max(0, ((i / 640) + 0.5) / 4 - 0.5), x = Math.Max(0, ((i % 640) + 0.5) / 4 - 0.5);
                int y0 = (int)y, x0 = (int)x, y1 = Math.Min(y0 + 1, 159), x1 = Math.Min(x0 + 1, 159);
                double value = ((1 - (y - y0)) * (((1 - (x - x0)) * mask[(y0 * 160) + x0]) + ((x - x0) * mask[(y0 * 160) + x1])))
                    + ((y - y0) * (((1 - (x - x0)) * mask[(y1 * 160) + x0]) + ((x - x0) * mask[(y1 * 160) + x1])));
                doubtful[i] |= Math.Abs(value) < 1e-4 && value != 0;
                expected[i] = expected[i] == 0 && value > 0 ? (ushort)(n + 1) : expected[i];
            }
        }

        Percept percept = frame.Find(PerceptKind.Instances)!;
        Assert.True(expected.Distinct().Count() > 3);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(doubtful[i] || expected[i] == percept.Labels[i], $"pixel {i}: expected {expected[i]}, found {percept.Labels[i]}");
            Assert.Equal(percept.Labels[i] == 0 ? 1 : found[(cars[percept.Labels[i] - 1] * 38) + 4], percept.Confidence[i]);
        }
    }

    private static string Manifest(string name) => System.IO.Path.Combine(Nearby.RepositoryRoot, "models", "bring-your-own", name + ".yaml");

    private static void Compare(
        string name, CameraIntrinsics camera, Func<Dictionary<string, float[]>, int, float> expected, int bars = 0, Func<string, string>? change = null)
    {
        using var folder = new Package(name, change);
        ModelPackage package = ModelPackage.Open(folder.Path);
        using PerceptionFrame frame = TestFrames.Gradient(camera, camera.Width, camera.Height);
        frame.HasSource[..(bars * camera.Width)].Clear();
        frame.HasSource[^(bars * camera.Width)..].Clear();
        using (OnnxPainter painter = OnnxPainter.Load(package, Processor))
        {
            painter.Paint(frame, [Instruction.MetricDepth()]);
        }

        Dictionary<string, float[]> raw = RunAlone(package.Manifest, folder.Graph, frame, camera);
        Span<float> depth = frame.Find(PerceptKind.Depth)!.Depth;
        for (int i = 0; i < depth.Length; i += 37)
        {
            float should = expected(raw, i);
            Assert.True(should.Equals(depth[i]) || Math.Abs(should - depth[i]) <= 1e-4f * should, $"pixel {i}: expected {should}, painted {depth[i]}");
        }
    }

    /// <summary>The graph by itself, its inputs filled as its authors fill them.</summary>
    private static Dictionary<string, float[]> RunAlone(ModelManifest manifest, string graph, PerceptionFrame frame, CameraIntrinsics camera)
    {
        int width = frame.Width, height = frame.Height, pixels = width * height;
        float[] image = new float[3 * pixels], rays = new float[3 * pixels];
        for (int i = 0; i < pixels; i++)
        {
            Rgb24 c = frame.Color[i];
            double[] rgb = frame.HasSource[i] || manifest.Input.Padding.IsEmpty ? [c.R, c.G, c.B] : [.. manifest.Input.Padding];
            for (int k = 0; k < 3; k++)
            {
                image[(k * pixels) + i] = (float)(((rgb[k] * manifest.Input.Scale) - manifest.Input.Mean[k]) / manifest.Input.Std[k]);
            }

            (double x, double y) = camera.Unproject(i % width, i / width);
            double length = Math.Sqrt((x * x) + (y * y) + 1);
            (rays[i], rays[pixels + i], rays[(2 * pixels) + i]) = ((float)(x / length), (float)(y / length), (float)(1 / length));
        }

        using var session = new InferenceSession(graph);
        List<NamedOnnxValue> inputs = [NamedOnnxValue.CreateFromTensor(manifest.Input.Tensor, new DenseTensor<float>(image, [1, 3, height, width]))];
        if (session.InputNames.Contains("rays"))
        {
            inputs.Add(NamedOnnxValue.CreateFromTensor("rays", new DenseTensor<float>(rays, [1, 3, height, width])));
        }

        if (session.InputNames.Contains("num_tokens"))
        {
            inputs.Add(NamedOnnxValue.CreateFromTensor("num_tokens", new DenseTensor<long>(new long[] { 1800 }, [])));
        }

        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run(inputs);
        return outputs.ToDictionary(o => o.Name, o => o.AsTensor<float>().ToArray());
    }

    /// <summary>A package made as the README there says: the manifest with the hash of the graph.</summary>
    private sealed class Package : IDisposable
    {
        public Package(string name, Func<string, string>? change = null)
        {
            Graph = System.IO.Path.Combine(AppContext.BaseDirectory, "graphs", "bring-your-own", name + ".onnx");
            File.Copy(Graph, System.IO.Path.Combine(Path, name + ".onnx"));
            string manifest = File.ReadAllText(Manifest(name));
            manifest = change?.Invoke(manifest) ?? manifest;
            File.WriteAllText(
                System.IO.Path.Combine(Path, ModelManifest.FileName),
                manifest.Replace("SHA256", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Graph))), StringComparison.Ordinal));
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("vbedge-byo-").FullName;

        public string Graph { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
