namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>How steady the scale of a clip is.</summary>
/// <param name="Pictures">Pictures of the clip.</param>
/// <param name="Scenes">Scenes that were found in it: 1, and one more for every cut.</param>
/// <param name="LogStdPainted">Standard deviation over time, within scenes, of log(median painted / median true).</param>
/// <param name="LogStd">The same of the depth that is given out.</param>
/// <param name="StepPainted">Mean of its absolute change from picture to picture, as painted: flicker.</param>
/// <param name="Step">The same as it is given out.</param>
/// <param name="LagPictures">Mean number of pictures after a cut until the scale is within 5 % of where it stays; NaN without a cut.</param>
internal sealed record SequenceFigures(
    int Pictures, int Scenes, double LogStdPainted, double LogStd, double StepPainted, double Step, double LagPictures);
