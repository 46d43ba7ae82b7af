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
    public void Verify_Manifest_FitsItsGraph(string name)
    {
        using var folder = new Package(name);

        Assert.Empty(ModelPackage.Verify(folder.Path).Problems);
        Assert.Equal([PerceptKind.Depth], ModelPackage.Open(folder.Path).Kinds);
    }

    [Fact]
    public void DepthAnything2_IsMetresAsTheyAre() => Compare(
        "depth-anything-v2-metric", CameraIntrinsics.FromHorizontalFov(518, 518, 60), (raw, i) => raw["depth"][i]);

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

    private static void Compare(string name, CameraIntrinsics camera, Func<Dictionary<string, float[]>, int, float> expected)
    {
        using var folder = new Package(name);
        ModelPackage package = ModelPackage.Open(folder.Path);
        using PerceptionFrame frame = TestFrames.Gradient(camera, camera.Width, camera.Height);
        using (OnnxPainter painter = OnnxPainter.Load(package, Processor))
        {
            painter.Paint(frame, [Instruction.MetricDepth()]);
        }

        Dictionary<string, float[]> raw = RunAlone(package.Manifest, folder.Graph, frame, camera);
        Span<float> depth = frame.Find(PerceptKind.Depth)!.Depth;
        for (int i = 0; i < depth.Length; i += 37)
        {
            float should = expected(raw, i);
            Assert.True(should.Equals(depth[i]) || Math.Abs(should - depth[i]) <= 1e-3f * should, $"pixel {i}: expected {should}, painted {depth[i]}");
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
            byte[] rgb = [c.R, c.G, c.B];
            for (int k = 0; k < 3; k++)
            {
                image[(k * pixels) + i] = (float)(((rgb[k] / 255.0) - manifest.Input.Mean[k]) / manifest.Input.Std[k]);
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
        public Package(string name)
        {
            Graph = System.IO.Path.Combine(AppContext.BaseDirectory, "graphs", "bring-your-own", name + ".onnx");
            File.Copy(Graph, System.IO.Path.Combine(Path, name + ".onnx"));
            string manifest = File.ReadAllText(System.IO.Path.Combine(Nearby.RepositoryRoot, "models", "bring-your-own", name + ".yaml"));
            File.WriteAllText(
                System.IO.Path.Combine(Path, ModelManifest.FileName),
                manifest.Replace("SHA256", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Graph))), StringComparison.Ordinal));
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("vbedge-byo-").FullName;

        public string Graph { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
