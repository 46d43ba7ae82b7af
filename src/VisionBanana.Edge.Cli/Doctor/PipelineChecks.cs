using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Calibration.Formats;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>What one pipeline file needs: models, calibration, cameras, ports.</summary>
internal static class PipelineChecks
{
    /// <summary>What all cameras share once, then what concerns each, with the camera's name where there are several.</summary>
    public static IEnumerable<Check> Run(RobotFile file) =>
    [
        .. Models(file.Painter),
        .. file.Cameras.SelectMany(camera => Named(file, camera, OfCamera(camera))),
        Cameras(),
        .. file.Cameras.SelectMany(camera => Named(file, camera, DeviceOf(camera))),
        .. Ports(file.Cameras[0]),
    ];

    private static IEnumerable<Check> Named(RobotFile file, PipelineFile camera, IEnumerable<Check> checks) =>
        file.HasSeveral ? checks.Select(check => check with { Name = $"{camera.Camera.Name}: {check.Name}" }) : checks;

    private static IEnumerable<Check> Models(PainterEntry painter)
    {
        foreach (ModelListing model in ModelPackage.List(BundledModels.Folder))
        {
            yield return Model(model.ManifestPath);
        }

        if (painter.Model is { } own && Path.GetFullPath(BundledModels.Find(own)) is var path && !path.StartsWith(
            BundledModels.Folder, StringComparison.Ordinal))
        {
            yield return Model(path);
        }
    }

    private static IEnumerable<Check> OfCamera(PipelineFile file)
    {
        yield return Calibration(file);
        foreach (Check check in LensChecks.Run(file.Camera))
        {
            yield return check;
        }

        if (Scale(file) is { } scale)
        {
            yield return scale;
        }
    }

    private static IEnumerable<Check> DeviceOf(PipelineFile file)
    {
        if (file.Camera.Source.Address is { } source && (source.StartsWith("/dev/", StringComparison.Ordinal) || source.All(char.IsAsciiDigit)))
        {
            yield return Device(source.All(char.IsAsciiDigit) ? $"/dev/video{source}" : source);
        }
    }

    private static IEnumerable<Check> Ports(PipelineFile file)
    {
        if (file.Mqtt is { Embedded: { } broker })
        {
            yield return Port("mqtt port", broker.Address, broker.Port);
        }
        else if (file.Mqtt is { Transport: { } transport })
        {
            yield return Broker(transport.Host, transport.Port);
        }

        if (FleetChecks.Run(file) is { } fleet)
        {
            yield return fleet;
        }

        if (file.ZeroMq is { } zeroMq && zeroMq.Endpoint.Split(':') is [.., var number] && int.TryParse(
            number, NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            yield return Port("zeromq port", IPAddress.Loopback, port);
        }

        if (file.Section<FoxgloveEntry>()?.Transport is { } foxglove)
        {
            yield return Port("foxglove port", foxglove.Address, foxglove.Port);
        }
    }

    private static Check Model(string path)
    {
        ModelVerification check = ModelPackage.Verify(path);
        string name = $"model {check.Manifest?.Name ?? Path.GetFileName(Path.GetDirectoryName(path))}";
        return check.IsGood
            ? Check.Well(name, $"{check.Manifest!.Version}, "
                + $"{string.Join("; ", check.Files.Select(f => $"{f.File.Precision.Name()} {f.Bytes} bytes SHA-256 {f.FoundSha256![..12]}…"))}")
            : new Check(name, CheckStatus.Problem, "is not what its manifest says", string.Join(' ', check.Problems));
    }

    private static Check Calibration(PipelineFile file)
    {
        CameraEntry camera = file.Camera;
        const string Name = "calibration";
        if (camera.Calibration is not { } path)
        {
            return camera.HfovDegrees is { } fov
                ? new Check(Name, CheckStatus.Well, FormattableString.Invariant($"none, {fov}° horizontal by hand"), "metres are as good as this number; "
                    + "calibrate the camera")
                : new Check(Name, CheckStatus.Missing, "none", "without a calibration (camera.calibration) or field of view (camera.hfov_deg) there is no "
                    + "depth and no cloud");
        }

        try
        {
            CameraIntrinsics intrinsics = CalibrationFile.Read(path).Turned(camera.Source.QuarterTurns);
            string found = string.Create(
                CultureInfo.InvariantCulture,
                $"{intrinsics.Name}, {intrinsics.Width}×{intrinsics.Height}, {intrinsics.HorizontalFovDegrees:0.0}° horizontal{LeftOut(file, intrinsics)}");
            IReadOnlyList<LintFinding> findings = CalibrationLint.Examine(intrinsics);
            bool isWrong = findings.Any(f => f.Severity == LintSeverity.Error);
            return new Check(
                Name, isWrong ? CheckStatus.Problem : CheckStatus.Well, found, findings.Count == 0 ? null : $"suspicious: {string.Join(" ", findings)}");
        }
        catch (VisionBananaException e)
        {
            return new Check(Name, CheckStatus.Problem, "cannot be used", e.Message);
        }
    }

    /// <summary>How much of the picture the painted view leaves out, behind a comma; empty when the model does not say.</summary>
    private static string LeftOut(PipelineFile file, CameraIntrinsics camera)
    {
        if (PainterChoice.Of(file.Painter.Model).Package?.Manifest is not { } model)
        {
            return "";
        }

        CameraIntrinsics painted = PaintedCamera.For(
            camera, model.Input.Width, model.Input.Height, file.Camera.View?.HorizontalFovDegrees ?? model.Camera.HorizontalFovDegrees, model.Input.Fit)!;
        return $", {CalibrationGate.LeftOut(PaintedCamera.LeftOut(camera, painted, file.Camera.View))}";
    }

    /// <summary>What fixes the scale of the depth; null = nothing was said.</summary>
    private static Check? Scale(PipelineFile file)
    {
        const string Name = "scale";
        try
        {
            CameraScaleFile? found = file.Scale?.UsesCameraFile ?? true ? CameraScaleFile.Find(file.Camera.Calibration) : null;
            string[] parts =
            [
                .. (file.Scale?.Anchors ?? []).Select(a => a.Kind),
                .. found is null ? Array.Empty<string>() : [string.Create(
                    CultureInfo.InvariantCulture,
                    $"factor {found.Factor:0.###} ± {100 * found.Std:0.#} % of {Path.GetFileName(CameraScaleFile.PathOf(file.Camera.Calibration!))}, ")
                    + $"for {found.Model}"],
                .. file.Camera.LiveMount.Select(m => $"live {m.Kind.ToString().ToLowerInvariant()}"),
            ];
            return parts.Length > 0 ? Check.Well(Name, string.Join(", ", parts))
                : file.Scale is null ? null
                : new Check(Name, CheckStatus.Well, "steadied, without an anchor", "measure one distance: vbedge scale --known METRES SOURCE --camera FILE");
        }
        catch (ConfigurationException e)
        {
            return new Check(Name, CheckStatus.Problem, "cannot be used", e.Message);
        }
    }

    private static Check Cameras()
    {
        string[] devices = Directory.Exists("/dev") ? Directory.GetFiles("/dev", "video*") : [];
        return devices.Length > 0
            ? Check.Well("cameras", string.Join(", ", devices.Order(StringComparer.Ordinal).Select(Named)))
            : new Check("cameras", CheckStatus.Missing, "no /dev/video*", "plug a camera in, or use a video, images or a network stream; a CSI camera of a "
                + "Jetson: samples/jetson/csi-camera.sh");

        static string Named(string device)
        {
            string name = $"/sys/class/video4linux/{Path.GetFileName(device)}/name";
            return File.Exists(name) ? $"{device} ({File.ReadAllText(name).Trim()})" : device;
        }
    }

    private static Check Device(string device)
    {
        const string Name = "camera device";
        try
        {
            using FileStream opened = File.Open(device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return Check.Well(Name, $"{device} may be opened");
        }
        catch (UnauthorizedAccessException)
        {
            return new Check(Name, CheckStatus.Problem, $"{device} may not be opened by this user", "sudo usermod -aG video $USER, then log in again; or "
                + "install samples/jetson/99-vbedge.rules");
        }
        catch (IOException e)
        {
            return new Check(
                Name, CheckStatus.Problem, $"{device}: {e.Message}", "plug it in, or correct camera.source; v4l2-ctl --list-devices shows what there is");
        }
    }

    private static Check Port(string name, IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return Check.Well(name, FormattableString.Invariant($"{port} is free"));
        }
        catch (SocketException)
        {
            return new Check(name, CheckStatus.Missing, FormattableString.Invariant($"{port} is in use"), FormattableString.Invariant(
                $"stop what listens on {port} (ss -ltnp), or set another port in the pipeline file"));
        }
    }

    private static Check Broker(string host, int port)
    {
        string address = FormattableString.Invariant($"{host}:{port}");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
            socket.ConnectAsync(host, port, limit.Token).AsTask().GetAwaiter().GetResult();
            return Check.Well("mqtt broker", $"{address} answers");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return new Check("mqtt broker", CheckStatus.Problem, $"{address} does not answer", "start it, or correct mqtt.broker; vbedge run goes on trying");
        }
    }
}
