namespace VisionBanana.Edge.Recording;

/// <summary>A recorded message. The payload is borrowed: it is valid until the next one is read.</summary>
/// <param name="Channel">Topic and type.</param>
/// <param name="Sequence">The publisher's counter, modulo 2³².</param>
/// <param name="LogTimeNs">When it was recorded, nanoseconds since the Unix epoch.</param>
/// <param name="PublishTimeNs">When it was published; in recordings of this SDK the capture time of the picture.</param>
/// <param name="Data">The payload.</param>
public readonly record struct McapMessage(McapChannel Channel, uint Sequence, long LogTimeNs, long PublishTimeNs, ReadOnlyMemory<byte> Data);
