namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/Transform: turns and moves coordinates of the child frame into the parent.</summary>
/// <param name="Translation">Origin of the child in the parent, metres.</param>
/// <param name="Rotation">Axes of the child in the parent.</param>
public readonly record struct Transform(Vector3 Translation, Quaternion Rotation) : IRosMessage<Transform>
{
    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/Transform";

    /// <inheritdoc/>
    public static string Definition => """
        geometry_msgs/Vector3 translation
        geometry_msgs/Quaternion rotation
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Translation.WriteTo(writer);
        Rotation.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static Transform ReadFrom(ref CdrReader reader) => new(Vector3.ReadFrom(ref reader), Quaternion.ReadFrom(ref reader));
}
