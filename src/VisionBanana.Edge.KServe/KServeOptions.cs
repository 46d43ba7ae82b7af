namespace VisionBanana.Edge.KServe;

/// <summary>Which inference server, and which model there.</summary>
public sealed record KServeOptions
{
    /// <summary>The server's gRPC endpoint: <c>http://host:8001</c>, or <c>https://…</c> for TLS.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The model's name on the server.</summary>
    public required string Model { get; init; }

    /// <summary>The version that is asked for; empty = the server chooses.</summary>
    public string ModelVersion { get; init; } = "";

    /// <summary>How long an answer may take; the server is told.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the server and the model may take to become ready at the start.</summary>
    public TimeSpan ReadyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>TLS: certificates of the authorities that the server's certificate must lead to, PEM; null = those of the system.</summary>
    public string? CaFile { get; init; }

    /// <summary>TLS: the certificate of this client, PEM, or null when the server does not ask for one.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>TLS: the private key that belongs to <see cref="CertificateFile"/>, PEM; null when it stands in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Sent as <c>authorization: Bearer …</c> with every call; null = none. Never printed.</summary>
    public string? BearerToken { get; init; }

    /// <summary>A larger answer is refused.</summary>
    public int MaxAnswerBytes { get; init; } = 256 << 20;
}
