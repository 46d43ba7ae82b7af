namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What the numbers in <c>labels/</c> are.</summary>
internal enum LabelKind
{
    /// <summary>Objects: 0 = none; the largest in a picture is the support that the others stand on.</summary>
    Instances,

    /// <summary>Classes, named in <c>dataset.yaml</c>.</summary>
    Classes,
}
