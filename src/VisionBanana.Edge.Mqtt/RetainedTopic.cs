namespace VisionBanana.Edge.Mqtt;

/// <summary>Something that a broker keeps for a device.</summary>
/// <param name="Topic">Where.</param>
/// <param name="IsOnline">True for the status of a camera that says it is there.</param>
public sealed record RetainedTopic(string Topic, bool IsOnline);
