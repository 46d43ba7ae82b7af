using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>A picture that was painted, with what is true of it.</summary>
/// <param name="Picture">Which.</param>
/// <param name="Frame">What was perceived; borrowed.</param>
/// <param name="Truth">The truth in the pixels of <paramref name="Frame"/>; depth that an anchor was told is NaN.</param>
internal sealed record MeasuredPicture(DatasetPicture Picture, PerceptionFrame Frame, PictureTruth Truth);
