namespace VisionBanana.Edge.Mqtt;

/// <summary>Reads secrets from where they may stand.</summary>
internal static class Secrets
{
    /// <summary>The value of a variable that must be set; null when no variable is named.</summary>
    public static string? FromEnvironment(string what, string? variable) =>
        variable is null ? null
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value
        : throw new ConfigurationException($"The environment variable {variable} was to hold {what}, but it is not set.");
}
