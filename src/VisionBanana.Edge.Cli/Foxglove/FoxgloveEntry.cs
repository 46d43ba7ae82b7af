using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary><c>foxglove</c> of a pipeline file.</summary>
/// <param name="Transport">Where the server listens.</param>
internal sealed record FoxgloveEntry(FoxgloveOptions Transport) : ISinkEntry
{
    /// <summary>Reads the section.</summary>
    public static FoxgloveEntry? Read(YamlSection? section, PipelineNames names)
    {
        if (section is null)
        {
            return null;
        }

        var options = new FoxgloveOptions { Device = names.Address.Device, Camera = names.Address.Camera };
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
        return new FoxgloveEntry(options);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IMessageTransport> Create(IReadOnlyList<ISinkEntry> cameras, ILoggerFactory loggers) =>
        cameras.Count == 1 ? [new FoxgloveTransport(Transport)]
            : SharedTransport.Split(new FoxgloveTransport(Transport), [.. cameras.Cast<FoxgloveEntry>().Select(c => c.Transport.Camera)]);
}
