using System.Net;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.KServe;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Finds secrets that others can read: in files that are not their owner's alone, and on a network without encryption.</summary>
internal static class ExposedSecrets
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <summary>One warning for each.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="painterFile">The file that describes the painter.</param>
    public static IEnumerable<string> Of(PipelineFile file, string painterFile)
    {
        if (file.ZeroMq?.CurveSecretKeyFile is { } curve && IsOpen(curve))
        {
            yield return OpenKey(curve);
        }

        foreach (string warning in file.Mqtt is { Embedded: null, Transport: var transport } ? OfBroker(transport) : [])
        {
            yield return warning;
        }

        string source = file.Camera.Source.Address;
        if (IsSecret(source) && IsOpen(file.Path))
        {
            yield return $"{file.Path} holds a secret in camera.source and can be read by other users of this machine: chmod 600 '{file.Path}'";
        }

        if (IsSecret(source) && Uri.TryCreate(source, UriKind.Absolute, out Uri? camera) && camera.Scheme is "http" or "rtsp" or "rtmp" && !IsHere(camera.Host))
        {
            yield return $"Login or token of {source} go over the network unencrypted ({camera.Scheme}): use {camera.Scheme}s where the camera has it, or a "
                + "network of its own";
        }

        if (file.Mqtt?.Embedded is { Users.IsEmpty: false } embedded && !IPAddress.IsLoopback(embedded.Address))
        {
            yield return $"Passwords of the users of the embedded broker at {embedded.Address} go over the network unencrypted: publish to a broker with TLS, "
                + "or use a network of its own";
        }

        foreach (string warning in OfPainter(painterFile))
        {
            yield return warning;
        }
    }

    /// <summary>The same for a painter alone.</summary>
    /// <param name="painterFile">The file that describes the painter; empty = none.</param>
    public static IEnumerable<string> OfPainter(string painterFile)
    {
        if (HttpPainterFile.Find(painterFile) is { } http && HttpPainterFile.Read(YamlFile.Load(http)) is { Endpoint.Scheme: "http" } painter
            && (painter.BearerToken is not null || IsSecret(painter.Endpoint.OriginalString)) && !IsHere(painter.Endpoint.Host))
        {
            yield return $"The token for the painter at {painter.Endpoint} goes over the network unencrypted: use https";
        }

        if (KServePainterFile.Find(painterFile) is { } kserve)
        {
            KServeOptions served = KServePainterFile.Read(YamlFile.Load(kserve), Path.GetDirectoryName(kserve)!).Options;
            if (served is { BearerToken: not null, Endpoint.Scheme: "http" } && !IsHere(served.Endpoint.Host))
            {
                yield return $"The token for the inference server at {served.Endpoint} goes over the network unencrypted: use https";
            }

            if (served.KeyFile is { } key && IsOpen(key))
            {
                yield return OpenKey(key);
            }
        }
    }

    /// <summary>The same for a connection to a broker alone.</summary>
    public static IEnumerable<string> OfBroker(MqttOptions broker)
    {
        if (broker.Tls?.KeyFile is { } key && IsOpen(key))
        {
            yield return OpenKey(key);
        }

        if (broker.Tls is null && (broker.User ?? broker.PasswordVariable) is not null && !IsHere(broker.Host))
        {
            yield return $"The password for the MQTT broker {broker.Host} goes over the network unencrypted: set mqtt.broker.tls";
        }
    }

    private static string OpenKey(string key) => $"The secret key {key} can be read or changed by other users of this machine: chmod 600 '{key}'";

    /// <summary>Whether an address holds something that is not shown.</summary>
    private static bool IsSecret(string address) => address.Contains("://", StringComparison.Ordinal)
        && (address.StartsWith(ProgramKind.Scheme, StringComparison.OrdinalIgnoreCase) ? Redactor.Text(address) : Redactor.Address(address)) != address;

    private static bool IsOpen(string path) => !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & Others) != 0;

    private static bool IsHere(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
}
