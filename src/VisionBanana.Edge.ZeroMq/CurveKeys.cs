using NetMQ;

namespace VisionBanana.Edge.ZeroMq;

/// <summary>Reads CURVE keys in the text form of ZeroMQ (Z85, 40 characters for 32 bytes).</summary>
internal static class CurveKeys
{
    private const int Z85Length = 40;

    public static NetMQCertificate FromEnvironment(string variable)
    {
        string? key = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(key))
        {
            throw new ConfigurationException($"The environment variable {variable} was to hold the CURVE secret key, but it is not set.");
        }

        return Read($"the environment variable {variable}", key, NetMQCertificate.CreateFromSecretKey);
    }

    public static NetMQCertificate FromFile(string path)
    {
        try
        {
            // A file that is no key, however large, is refused after its first bytes.
            using var reader = new StreamReader(path);
            char[] text = new char[256];
            string key = new string(text, 0, reader.ReadBlock(text)).Trim();
            return Read(path, key, NetMQCertificate.CreateFromSecretKey);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"The CURVE secret key cannot be read from {path}: {error.Message} `vbedge keys new` makes one.", error);
        }
    }

    public static NetMQCertificate FromPublicKey(string key) => Read("the CURVE server key", key, NetMQCertificate.FromPublicKey);

    private static NetMQCertificate Read(string what, string key, Func<string, NetMQCertificate> read)
    {
        // The key itself never appears in a message.
        if (key.Length != Z85Length)
        {
            throw new ConfigurationException($"Expected a Z85 key of {Z85Length} characters in {what}, found {key.Length} characters.");
        }

        try
        {
            return read(key);
        }
        catch (Exception error) when (error is ArgumentException or IndexOutOfRangeException or FormatException)
        {
            throw new ConfigurationException($"The {Z85Length} characters in {what} are not Z85.");
        }
    }
}
