namespace VisionBanana.Edge.Messages;

/// <summary>What the options of every stream of pictures have.</summary>
internal interface IPictureStreamOptions
{
    /// <summary>The most messages per second by capture time, or null for all.</summary>
    double? RateHz { get; }
}
