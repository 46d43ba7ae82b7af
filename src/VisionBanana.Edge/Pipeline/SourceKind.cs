namespace VisionBanana.Edge.Pipeline;

/// <summary>One kind of place that pictures come from: a line of a <see cref="SourceTable"/>.</summary>
public abstract class SourceKind
{
    /// <summary>With its article, for messages, e.g. <c>a video file</c>.</summary>
    public abstract string Name { get; }

    /// <summary>An address of this kind, e.g. <c>rtsp://host/stream</c>.</summary>
    public abstract string Example { get; }

    /// <summary>What it takes; other settings are refused, not ignored.</summary>
    public abstract SourceSettings Takes { get; }

    /// <summary>Whether the address is of this kind. Looks at the address and at what lies there, opens nothing.</summary>
    public abstract bool Matches(string address);

    /// <summary>Opens it; everything that can be checked is checked here.</summary>
    /// <exception cref="VisionBananaException">It cannot be opened; the message says why and what to do.</exception>
    public ICameraSource Open(string address, CameraSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        options ??= new CameraSourceOptions();
        options.RequireSensible();
        string[] refused = [.. options.Given().Where(s => (s.Setting & Takes) == 0).Select(s => s.Name)];
        if (refused.Length > 0)
        {
            throw new CameraException($"{string.Join(", ", refused)}: not possible for {Name}; leave it out.");
        }

        ICameraSource source = OpenCamera(address, options);
        return TurnedSource.QuarterTurns(options.Rotation) == 0 ? source : new TurnedSource(source, options.Rotation, options);
    }

    /// <summary>Opens it with options that are checked.</summary>
    protected abstract ICameraSource OpenCamera(string address, CameraSourceOptions options);
}
