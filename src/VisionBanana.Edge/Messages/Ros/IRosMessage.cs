namespace VisionBanana.Edge.Messages.Ros;

/// <summary>A ROS 2 message type that can be written to and read from CDR.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IRosMessage<TSelf>
    where TSelf : IRosMessage<TSelf>
{
    /// <summary>Name of the type, e.g. <c>sensor_msgs/msg/Image</c>.</summary>
    static abstract string Schema { get; }

    /// <summary>
    /// The fields as a <c>.msg</c> file tells them, without comments; types of other packages with their package, e.g. <c>std_msgs/Header</c>.
    /// </summary>
    static abstract string Definition { get; }

    /// <summary>Appends the fields; the encapsulation header stands already.</summary>
    void WriteTo(CdrWriter writer);

    /// <summary>Reads the fields.</summary>
    /// <exception cref="MessageFormatException">The bytes are not this message.</exception>
    static abstract TSelf ReadFrom(ref CdrReader reader);
}
