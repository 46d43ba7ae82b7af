namespace VisionBanana.Edge.Cli.Bench;

/// <summary>What a transport adds, flat out.</summary>
/// <param name="Name">The transport and its peer.</param>
/// <param name="AllocatedBytesPerFrame">Managed bytes of the whole process per picture, with everything it takes to hand the pictures out.</param>
/// <param name="MeanFrameRate">Pictures sent per second.</param>
/// <param name="SendMs">Sending all messages of a picture, median and 95th percentile.</param>
internal sealed record TransportCost(string Name, double AllocatedBytesPerFrame, double MeanFrameRate, IReadOnlyList<double> SendMs);
