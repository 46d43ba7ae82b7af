namespace VisionBanana.Edge.Messages.Ros;

/// <summary>The types of sensor_msgs/msg/PointField.</summary>
#pragma warning disable CA1720 // The names are those of the message definition.
public enum PointFieldType : byte
{
    /// <summary>Not a type.</summary>
    None,

    /// <summary>One signed byte.</summary>
    Int8,

    /// <summary>One byte.</summary>
    UInt8,

    /// <summary>Two bytes, signed.</summary>
    Int16,

    /// <summary>Two bytes.</summary>
    UInt16,

    /// <summary>Four bytes, signed.</summary>
    Int32,

    /// <summary>Four bytes.</summary>
    UInt32,

    /// <summary>IEEE 754, four bytes.</summary>
    Float32,

    /// <summary>IEEE 754, eight bytes.</summary>
    Float64,
}
