using System.Collections.Immutable;

namespace VisionBanana.Edge.Mqtt;

/// <summary>A client of the embedded broker that proves who it is, and what it may do.</summary>
public sealed record EmbeddedBrokerUser
{
    /// <summary>The user name of CONNECT.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the environment variable that holds the password. Passwords never stand in files.</summary>
    public required string PasswordVariable { get; init; }

    /// <summary>Topic filters of what it may publish; nothing by default. Topics of the pipeline's own streams and state stay the pipeline's.</summary>
    public ImmutableArray<string> Publish { get; init; } = [];

    /// <summary>Topic filters of what it may subscribe to; everything by default.</summary>
    public ImmutableArray<string> Subscribe { get; init; } = ["#"];

    /// <summary>Equal when every member is, the filters in their order.</summary>
    public bool Equals(EmbeddedBrokerUser? other) => other is not null
        && Name == other.Name && PasswordVariable == other.PasswordVariable
        && Publish.SequenceEqual(other.Publish) && Subscribe.SequenceEqual(other.Subscribe);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, PasswordVariable, Publish.Length, Subscribe.Length);
}
