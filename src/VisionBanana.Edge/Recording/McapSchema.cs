namespace VisionBanana.Edge.Recording;

/// <summary>The definition of a message type in a recording.</summary>
/// <param name="Id">Its number in this file, from 1.</param>
/// <param name="Name">Name of the type, e.g. <c>sensor_msgs/msg/Image</c>.</param>
/// <param name="Encoding">How <paramref name="Data"/> is written, e.g. <c>ros2msg</c>; empty = no definition.</param>
/// <param name="Data">The definition.</param>
public sealed record McapSchema(ushort Id, string Name, string Encoding, ReadOnlyMemory<byte> Data)
{
    /// <summary>Schemas are equal when every field and every byte of the definition is.</summary>
    public bool Equals(McapSchema? other) =>
        other is not null && Id == other.Id && Name == other.Name && Encoding == other.Encoding && Data.Span.SequenceEqual(other.Data.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Name, Encoding, Data.Length);
}
