using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary><c>view</c> of a pipeline file: left out = on this machine, <c>false</c> = none.</summary>
internal static class ViewEntry
{
    /// <summary>Reads the key; relative paths are relative to <paramref name="folder"/>.</summary>
    public static ViewOptions? Read(YamlSection root, string folder)
    {
        var options = new ViewOptions();
        if (root.IsScalar("view"))
        {
            return root.OptionalBool("view") == false ? null : options;
        }

        if (root.OptionalSection("view") is not { } section)
        {
            return options;
        }

        options = options with
        {
            Address = section.OptionalAddress("address") ?? options.Address,
            Port = section.OptionalInt("port", 0, 65535),
            TokenVariable = section.OptionalString("token_variable") ?? options.TokenVariable,
            HostNames = section.Has("host_names") ? [.. section.Strings("host_names")] : [],
            Folder = section.OptionalString("folder") is { } path ? Path.Combine(folder, path) : options.Folder,
            MaxClients = section.OptionalInt("max_clients", 1, 64) ?? options.MaxClients,
        };
        section.RefuseUnknownKeys();
        return options;
    }
}
