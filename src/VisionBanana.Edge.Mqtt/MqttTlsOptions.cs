namespace VisionBanana.Edge.Mqtt;

/// <summary>How the connection is encrypted and who trusts whom. Certificates are PEM files.</summary>
public sealed record MqttTlsOptions
{
    /// <summary>Certificates of the authorities that the broker's certificate must lead to; null = those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>The certificate of this client, or null when the broker does not ask for one.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The private key that belongs to <see cref="CertificateFile"/>; null when it stands in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Name of the environment variable that holds the password of an encrypted key, or null.</summary>
    public string? KeyPasswordVariable { get; init; }

    /// <summary>The name the broker's certificate must carry when it is not the host, e.g. behind an address; null = the host.</summary>
    public string? ServerName { get; init; }
}
