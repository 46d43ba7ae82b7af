namespace VisionBanana.Edge.Network;

/// <summary>A camera leads to a place that is not followed.</summary>
internal sealed class ForbiddenPlaceException(string message) : IOException(message);
