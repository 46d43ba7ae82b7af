using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Onnx;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.OpenCv;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Looks at everything a pipeline needs on this machine, by trying it for real.</summary>
internal static class Examination
{
    /// <summary>Runs all checks.</summary>
    public static IEnumerable<Check> Run()
    {
        yield return Check.Well("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Environment.ProcessorCount} processors");
        yield return Check.Well(".net", RuntimeInformation.FrameworkDescription);
        yield return Jetson();
        yield return Check.Try("opencv", CheckStatus.Problem, () => OpenCvVersion.Native());
        yield return Check.Try("onnxruntime", CheckStatus.Problem, () => $"native {OnnxRuntimeVersion.Native()}, managed {OnnxRuntimeVersion.Managed}");
        foreach (ExecutionProvider provider in Enum.GetValues<ExecutionProvider>())
        {
            yield return Provider(provider);
        }

        foreach (ModelListing model in ModelPackage.List(Assets.Models))
        {
            yield return Model(model.ManifestPath);
        }

        yield return Check.Try("demo calibration", CheckStatus.Problem, () =>
        {
            CameraIntrinsics demo = CameraInfoYaml.Read(Path.Combine(Assets.Root, "calibration", "demo-room.yaml"));
            return string.Create(CultureInfo.InvariantCulture, $"{demo.Name}, {demo.Width}×{demo.Height}, {demo.HorizontalFovDegrees:0.0}° horizontal");
        });
        yield return Cameras();
        yield return Port("mqtt port", 1883);
        yield return Port("zeromq port", 5556);
        yield return Port("foxglove port", 8765);
        yield return Disk();
    }

    private static Check Jetson()
    {
        const string Release = "/etc/nv_tegra_release";
        return File.Exists(Release)
            ? Check.Well("jetson", File.ReadLines(Release).FirstOrDefault() ?? "unknown release")
            : new Check("jetson", CheckStatus.Missing, "this is no Jetson");
    }

    private static Check Provider(ExecutionProvider provider) => Check.Try(
        $"provider {provider.Name()}", provider == ExecutionProvider.Cpu ? CheckStatus.Problem : CheckStatus.Missing, () =>
        {
            using var painter = OnnxPainter.Load(ModelPackage.Open(Assets.DefaultModel), new ExecutionOptions { Require = provider });
            return $"runs {painter.Description.Name} {painter.Description.Version}";
        });

    private static Check Model(string path)
    {
        ModelVerification check = ModelPackage.Verify(path);
        string name = $"model {check.Manifest?.Name ?? Path.GetFileName(Path.GetDirectoryName(path))}";
        return check.IsGood
            ? Check.Well(name, $"{check.Manifest!.Version}, {check.Files.Sum(f => f.Bytes)} bytes, SHA-256 {check.Files[0].FoundSha256![..12]}…")
            : new Check(name, CheckStatus.Problem, "is not what its manifest says", string.Join(' ', check.Problems));
    }

    private static Check Cameras()
    {
        string[] devices = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "video*") : [];
        return devices.Length > 0
            ? Check.Well("cameras", string.Join(", ", devices.Order(StringComparer.Ordinal)))
            : new Check("cameras", CheckStatus.Missing, "no /dev/video*", "plug a camera in, or use a video, images or a network stream");
    }

    private static Check Port(string name, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return Check.Well(name, $"{port} is free");
        }
        catch (SocketException)
        {
            return new Check(name, CheckStatus.Missing, $"{port} is in use", $"stop what listens on {port} (ss -ltnp), or set another port in the pipeline file");
        }
    }

    private static Check Disk()
    {
        var drive = new DriveInfo(Path.GetFullPath(Path.GetTempPath()));
        long free = drive.AvailableFreeSpace / (1 << 20);
        return free > 500
            ? Check.Well("disk", $"{free} MiB free")
            : new Check("disk", CheckStatus.Problem, $"{free} MiB free", "make room: engine caches and recordings need at least 500 MiB");
    }
}
