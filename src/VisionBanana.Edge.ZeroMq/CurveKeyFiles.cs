using NetMQ;

namespace VisionBanana.Edge.ZeroMq;

/// <summary>A new pair of CURVE keys as two files of one Z85 line each, which every ZeroMQ binding reads.</summary>
/// <param name="PublicFile">The file with the public key, readable by everybody: subscribers need it.</param>
/// <param name="SecretFile">The file with the secret key, readable by its owner alone (mode 0600).</param>
/// <param name="PublicKey">The public key.</param>
public sealed record CurveKeyFiles(string PublicFile, string SecretFile, string PublicKey)
{
    /// <summary>Name of the file with the public key.</summary>
    public const string PublicName = "curve.public";

    /// <summary>Name of the file with the secret key.</summary>
    public const string SecretName = "curve.secret";

    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a new pair; files that exist are never replaced, because their subscribers would be locked out.</summary>
    /// <param name="folder">Where to; made when it does not exist.</param>
    /// <exception cref="ConfigurationException">A file exists already or cannot be written.</exception>
    public static CurveKeyFiles Create(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string publicFile = Path.Combine(folder, PublicName), secretFile = Path.Combine(folder, SecretName);
        if (new[] { publicFile, secretFile }.FirstOrDefault(File.Exists) is { } existing)
        {
            throw new ConfigurationException($"{existing} exists already and is not replaced: subscribers that have its public key would be locked out. "
                + "Choose another folder, or move it away.");
        }

        var pair = new NetMQCertificate();
        try
        {
            Directory.CreateDirectory(folder);
            Write(secretFile, pair.SecretKeyZ85!, OwnerAlone);
            Write(publicFile, pair.PublicKeyZ85, OwnerAlone | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The keys cannot be written to {folder}: {error.Message}", error);
        }

        return new CurveKeyFiles(publicFile, secretFile, pair.PublicKeyZ85);
    }

    private static void Write(string path, string key, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var writer = new StreamWriter(path, options);
        writer.Write(key + "\n");
    }
}
