using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Cli.Configuration;

/// <summary><c>foxglove</c> of a pipeline file.</summary>
internal static class FoxgloveEntry
{
    /// <summary>Reads the section.</summary>
    public static FoxgloveOptions? Read(YamlSection? section, string device, string camera)
    {
        if (section is null)
        {
            return null;
        }

        var options = new FoxgloveOptions { Device = device, Camera = camera };
        options = options with
        {
            Port = section.OptionalInt("port", 1, 65535) ?? options.Port,
            Address = section.OptionalAddress("address") ?? options.Address,
            QueueCapacity = section.OptionalInt("queue", 1, 1000) ?? options.QueueCapacity,
            MaxClients = section.OptionalInt("max_clients", 1, 1000) ?? options.MaxClients,
            TokenVariable = section.OptionalString("token_variable") ?? options.TokenVariable,
            HostNames = section.Has("host_names") ? [.. section.Strings("host_names")] : [],
            Origins = section.Has("origins") ? [.. section.Strings("origins")] : [],
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
