using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class MqttSecurityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vb-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tls_OwnAuthorityAndClientCertificate_Connects()
    {
        WriteCertificates("ca", "server", "client");
        await using Mosquitto broker = await Mosquitto.StartAsync(
            "allow_anonymous true", $"cafile {File("ca.crt")}", $"certfile {File("server.crt")}", $"keyfile {File("server.key")}", "require_certificate true");
        var tls = new MqttTlsOptions { CaFile = File("ca.crt"), CertificateFile = File("client.crt"), KeyFile = File("client.key") };
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port) with { Tls = tls });
        Assert.StartsWith("mqtts://", transport.State, StringComparison.Ordinal);
        Assert.All(await Publishing.SendAsync(transport, new SampleFrames(), 1), result => Assert.Null(result.Value));

        await using var anonymous = new MqttTransport(
            Publishing.Options(broker.Port) with { Require = true, Tls = tls with { CertificateFile = null, KeyFile = null } });
        await Assert.ThrowsAsync<TransportException>(() => anonymous.StartAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Tls_BrokerOfAnotherAuthority_RefusedAndSaid()
    {
        WriteCertificates("ca", "server", "client");
        WriteCertificates("other", "other-server", "other-client");
        await using Mosquitto broker = await Mosquitto.StartAsync(
            "allow_anonymous true", $"cafile {File("ca.crt")}", $"certfile {File("server.crt")}", $"keyfile {File("server.key")}");
        await using var transport = new MqttTransport(Publishing.Options(broker.Port) with { Tls = new MqttTlsOptions { CaFile = File("other.crt") } });
        var error = await Assert.ThrowsAsync<TransportException>(() => transport.StartAsync(CancellationToken.None));
        Assert.Contains("TLS failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_FromTheEnvironment_LetsIn_WrongOneIsSaid()
    {
        string? passwd = ExternalProcess.Find("mosquitto_passwd");
        Assert.SkipWhen(passwd is null, "mosquitto_passwd is not installed");
        Assert.True(await ExternalProcess.SucceedsAsync(passwd, "-b", "-c", File("users"), "robot", "right"));
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous false", $"password_file {File("users")}");
        Environment.SetEnvironmentVariable("VB_TEST_MQTT_RIGHT", "right");
        Environment.SetEnvironmentVariable("VB_TEST_MQTT_WRONG", "wrong");
        MqttOptions options = Publishing.Options(broker.Port) with { User = "robot", PasswordVariable = "VB_TEST_MQTT_RIGHT" };
        await using MqttTransport transport = await Publishing.ConnectAsync(options);

        await using var wrong = new MqttTransport(options with { PasswordVariable = "VB_TEST_MQTT_WRONG" });
        var error = await Assert.ThrowsAsync<TransportException>(() => wrong.StartAsync(CancellationToken.None));
        Assert.Contains("password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Construct_SecretOrFileMissing_NamesIt()
    {
        Assert.Contains(
            "VB_TEST_MQTT_UNSET",
            Assert.Throws<ConfigurationException>(() => new MqttTransport(new MqttOptions { User = "u", PasswordVariable = "VB_TEST_MQTT_UNSET" })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "nowhere.pem",
            Assert.Throws<ConfigurationException>(() => new MqttTransport(new MqttOptions { Tls = new() { CaFile = File("nowhere.pem") } })).Message,
            StringComparison.Ordinal);
        System.IO.File.WriteAllText(File("empty.pem"), "no certificate");
        Assert.Throws<ConfigurationException>(() => new MqttTransport(new MqttOptions { Tls = new() { CaFile = File("empty.pem") } }));
        Assert.Throws<ConfigurationException>(() => new MqttTransport(new MqttOptions { Tls = new() { CertificateFile = File("empty.pem") } }));
    }

    private string File(string name) => Path.Combine(_folder, name);

    private void WriteCertificates(string authority, string server, string client)
    {
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={authority}", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset from = TimeProvider.System.GetUtcNow().AddDays(-1), until = from.AddDays(30);
        using X509Certificate2 root = authorityRequest.CreateSelfSigned(from, until);
        System.IO.File.WriteAllText(File($"{authority}.crt"), root.ExportCertificatePem());
        foreach (string name in (string[])[server, client])
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 certificate = request.Create(root, from, until, [(byte)name.Length, 2, 3, 4]);
            System.IO.File.WriteAllText(File($"{name}.crt"), certificate.ExportCertificatePem());
            System.IO.File.WriteAllText(File($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        }
    }
}
