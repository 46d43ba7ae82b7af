using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>
/// Everything that a built engine depends on, as names and values in a fixed order: the model, how it was built, and the machine
/// it was built on. An engine is loaded where all of them are the same and nowhere else.
/// </summary>
public sealed class EngineKey : IEquatable<EngineKey>
{
    /// <summary>Names of the values that belong to the machine: an engine of another one is stale.</summary>
    internal static readonly ImmutableHashSet<string> OfMachine =
        ["onnxruntime", "tensorrt", "cuda", "driver", "device", "compute_capability"];

    internal EngineKey(IEnumerable<KeyValuePair<string, string>> fields)
    {
        Fields = [.. fields];
        Hash = HashOf(Fields);
    }

    /// <summary>The values, in their order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Fields { get; }

    /// <summary>SHA-256 of all of them, lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>A value by its name, or an empty text.</summary>
    public string this[string name] => Fields.FirstOrDefault(f => f.Key == name).Value ?? "";

    /// <summary>In what another machine's or version's key differs, e.g. <c>driver was 550.54 and is 560.28</c>.</summary>
    internal IEnumerable<string> MachineDifferences(IReadOnlyDictionary<string, string> now) => Fields
        .Where(f => OfMachine.Contains(f.Key) && now.GetValueOrDefault(f.Key, "") != f.Value)
        .Select(f => $"{f.Key} was {Shown(f.Value)} and is {Shown(now.GetValueOrDefault(f.Key, ""))}");

    /// <inheritdoc/>
    public bool Equals(EngineKey? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EngineKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode(StringComparison.Ordinal);

    internal static string HashOf(IEnumerable<KeyValuePair<string, string>> fields)
    {
        // Lengths stand before the texts: no value can be mistaken for the next name.
        string text = string.Concat(fields.Select(f => FormattableString.Invariant($"{f.Key.Length}:{f.Key}={f.Value.Length}:{f.Value}\n")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static string Shown(string value) => value.Length == 0 ? "unknown" : value;
}
