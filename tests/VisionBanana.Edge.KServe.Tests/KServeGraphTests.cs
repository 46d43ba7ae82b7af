using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.KServe.Tests;

/// <summary>A package whose graph a server runs, over real gRPC.</summary>
public sealed class KServeGraphTests
{
    private static readonly Instruction[] Asked = [Instruction.MetricDepth(), Instruction.Parse("normals")];

    private static ModelPackage Package => ModelPackage.Open(Path.Combine(Nearby.RepositoryRoot, "models", "painter-s"));

    [Fact]
    public async Task Paint_HereAndThere_GivesTheSameBits()
    {
        await using OnnxInferenceServer server = await OnnxInferenceServer.StartAsync(Package, "painter");
        using ServedPainter there = Connect(server);
        using OnnxPainter here = OnnxPainter.Load(Package, new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Precision = ModelPrecision.Fp32 });
        Instruction[] asked = [.. Asked, Instruction.Parse("labels", here.Description.Classes)];

        for (int picture = 0; picture < 3; picture++)
        {
            using PerceptionFrame a = FrameOf(here.Description, picture), b = FrameOf(here.Description, picture);
            here.Paint(a, asked);
            there.Paint(b, asked);
            foreach (Instruction instruction in asked)
            {
                Percept expected = a.Find(instruction.Kind)!, found = b.Find(instruction.Kind)!;
                Assert.True(expected.PaintingBytes.SequenceEqual(found.PaintingBytes), instruction.Prompt);
                Assert.True(expected.Confidence.SequenceEqual(found.Confidence), instruction.Prompt);
            }
        }

        Assert.Equal(
            (here.Description.Name, here.Description.Version, here.Description.Sha256, "kserve"),
            (there.Description.Name, there.Description.Version, there.Description.Sha256, there.Description.Provider));
    }

    [Fact]
    public async Task Connect_AnotherGraphIsServed_TellsEveryContradiction()
    {
        await using OnnxInferenceServer server = await OnnxInferenceServer.StartAsync(Package, "painter");
        server.Metadata = metadata =>
        {
            metadata.Inputs[0].Name = "pixels";
            metadata.Inputs[1].Datatype = "FP16";
            metadata.Inputs.Single(i => i.Name == "geometry").Shape[^1] = 7;
        };

        ModelContractException error = Assert.Throws<ModelContractException>(() => Connect(server));

        Assert.Contains("found none of that name among 'pixels'", error.Message, StringComparison.Ordinal);
        Assert.Contains("to be float, found FP16", error.Message, StringComparison.Ordinal);
        Assert.Contains("7]", error.Message, StringComparison.Ordinal);
        Assert.Contains("asks for an input 'pixels'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_NotReadyOrUnknownOrAbsent_SaysWhich()
    {
        await using OnnxInferenceServer server = await OnnxInferenceServer.StartAsync(Package, "painter");
        server.IsReady = false;
        Assert.Contains("it is not ready", Assert.Throws<InferenceException>(() => Connect(server)).Message, StringComparison.Ordinal);
        server.IsReady = true;
        Assert.Contains(
            "does not have the model 'other'", Assert.Throws<InferenceException>(() => Connect(server, o => o with { Model = "other" })).Message,
            StringComparison.Ordinal);
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var nobody = new Uri($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndpoint).Port}");
        closed.Stop();
        Assert.Contains(
            "cannot be reached", Assert.Throws<InferenceException>(() => Connect(server, o => o with { Endpoint = nobody })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paint_LateOrWrongAnswer_CostsThePicture()
    {
        await using OnnxInferenceServer server = await OnnxInferenceServer.StartAsync(Package, "painter");
        using ServedPainter painter = Connect(server, o => o with { Timeout = TimeSpan.FromSeconds(5) });
        using PerceptionFrame frame = FrameOf(painter.Description, 0);
        server.Answer = answer => answer.Outputs[0].Shape[0] = 9;
        Assert.Contains("expected FP32", Assert.Throws<InferenceException>(() => painter.Paint(frame, Asked)).Message, StringComparison.Ordinal);
        server.Answer = answer => answer.RawOutputContents.Clear();
        Assert.Contains("raw_output_contents", Assert.Throws<InferenceException>(() => painter.Paint(frame, Asked)).Message, StringComparison.Ordinal);
        server.Answer = static _ => { };
        using ServedPainter hasty = Connect(server, o => o with { Timeout = TimeSpan.FromSeconds(2) });
        server.Delay = TimeSpan.FromSeconds(60);
        Assert.Contains("no answer within 2000 ms", Assert.Throws<InferenceException>(() => hasty.Paint(frame, Asked)).Message, StringComparison.Ordinal);
        server.Delay = TimeSpan.Zero;
        hasty.Paint(frame, Asked);
        Assert.NotNull(frame.Find(PerceptKind.Depth));
    }

    [Fact]
    public async Task Connect_ByTls_TrustsTheNamedAuthorityOnly()
    {
        using ECDsa key = ECDsa.Create();
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), null);
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, own.ExportCertificatePem());
            await using OnnxInferenceServer server = await OnnxInferenceServer.StartAsync(Package, "painter", certificate);
            using (ServedPainter painter = Connect(server, o => o with { CaFile = file }))
            {
                Assert.Equal("kserve", painter.Description.Provider);
            }

            Assert.Contains("cannot be reached", Assert.Throws<InferenceException>(() => Connect(server)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ServedPainter Connect(OnnxInferenceServer server, Func<KServeOptions, KServeOptions>? change = null)
    {
        var options = new KServeOptions
        {
            Endpoint = server.Endpoint,
            Model = "painter",
            Timeout = TimeSpan.FromSeconds(30),
            ReadyTimeout = TimeSpan.FromMilliseconds(300),
        };
        return ServedPainter.Connect(Package, new KServeGraph(change?.Invoke(options) ?? options), ModelPrecision.Fp32);
    }

    private static PerceptionFrame FrameOf(PainterDescription painter, int seed)
    {
        Assert.True(PerceptionFrame.CreatePool(1, painter.Width, painter.Height).TryRent(out PerceptionFrame? frame));
        var random = new Random(seed);
        random.NextBytes(frame.ColorBytes);
        frame.HasSource.Fill(true);
        frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(painter.Width, painter.Height, painter.HorizontalFovDegrees ?? 60);
        return frame;
    }
}
