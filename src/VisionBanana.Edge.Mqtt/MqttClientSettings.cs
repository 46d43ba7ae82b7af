using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Turns our options into those of MQTTnet, and finds what cannot work before anything is opened.</summary>
internal static class MqttClientSettings
{
    // MQTTnet's own 8192 bytes make a 1 MB message take 667 ms; with this it is 2 to 3 ms.
    private const int BufferSize = 1 << 20;

    public static MqttClientOptionsBuilder Build(MqttOptions options, string clientId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Host);
        if (options.Port is < 1 or > 65535)
        {
            throw new ConfigurationException($"The port of the MQTT broker is 1 to 65535, found {options.Port}.");
        }

        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTcpServer(options.Host, options.Port)
            .WithClientId(clientId)
            .WithCleanStart()
            .WithTimeout(options.ConnectTimeout)
            .WithKeepAlivePeriod(options.KeepAlive);
        string? password = Secrets.FromEnvironment("the MQTT password", options.PasswordVariable);
        if (options.User is not null)
        {
            builder.WithCredentials(options.User, password);
        }
        else if (password is not null)
        {
            throw new ConfigurationException("An MQTT password without a user name: name the user too.");
        }

        if (options.Tls is { } tls)
        {
            AddTls(builder, tls, options.Host);
        }

        return builder;
    }

    public static MqttClientOptions Finish(MqttClientOptionsBuilder builder)
    {
        MqttClientOptions options = builder.Build();
        ((MqttClientTcpOptions)options.ChannelOptions).BufferSize = BufferSize;
        return options;
    }

    private static void AddTls(MqttClientOptionsBuilder builder, MqttTlsOptions tls, string host)
    {
        X509Certificate2Collection? authorities = tls.CaFile is { } caFile ? Load("certificate authorities", caFile, ReadAuthorities) : null;
        X509Certificate2? own = tls.CertificateFile is { } certificateFile ? Load("client certificate", certificateFile, file => ReadOwn(file, tls)) : null;
        builder.WithTlsOptions(options =>
        {
            // Revocation is not looked up: robots often reach their broker and nothing else.
            options.UseTls().WithTargetHost(tls.ServerName ?? host).WithRevocationMode(X509RevocationMode.NoCheck);
            if (authorities is not null)
            {
                options.WithTrustChain(authorities);
            }

            if (own is not null)
            {
                options.WithClientCertificates(new X509Certificate2Collection(own));
            }
        });
    }

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates.Count > 0 ? certificates : throw new ConfigurationException($"No certificate stands in {file}: expected PEM.");
    }

    private static X509Certificate2 ReadOwn(string file, MqttTlsOptions tls) =>
        Secrets.FromEnvironment("the password of the client key", tls.KeyPasswordVariable) is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(file, password, tls.KeyFile)
            : X509Certificate2.CreateFromPemFile(file, tls.KeyFile);

    private static T Load<T>(string what, string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ConfigurationException($"The {what} cannot be read from {file}: {error.Message}", error);
        }
    }
}
