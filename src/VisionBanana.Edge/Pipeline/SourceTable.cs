namespace VisionBanana.Edge.Pipeline;

/// <summary>The kinds of sources that an address may name; the first that matches opens it.</summary>
public sealed class SourceTable(params IReadOnlyList<SourceKind> kinds)
{
    /// <summary>The kinds, in the order in which they are asked.</summary>
    public IReadOnlyList<SourceKind> Kinds { get; } = kinds;

    /// <summary>The kind of an address; null when there is none.</summary>
    public SourceKind? Find(string address) => Kinds.FirstOrDefault(k => k.Matches(address));

    /// <summary>Opens what the address names. <c>file://</c> names a path.</summary>
    /// <exception cref="VisionBananaException">It cannot be opened; the message says why and what to do.</exception>
    public ICameraSource Open(string address, CameraSourceOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        string place = Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && address.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
            ? uri.LocalPath
            : address;
        SourceKind kind = Find(place) ?? throw new CameraException(
            $"There is nothing at '{place}'. Expected {string.Join(", ", Kinds.Select(k => $"{k.Name} ({k.Example})"))}.");
        return kind.Open(place, options);
    }
}
