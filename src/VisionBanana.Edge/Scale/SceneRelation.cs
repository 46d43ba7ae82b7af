namespace VisionBanana.Edge.Scale;

/// <summary>How a picture hangs together with the key picture of its scene.</summary>
/// <param name="Kind">Whether it does.</param>
/// <param name="LogRatio">log(depth painted now / depth painted in the key picture) of the same things.</param>
/// <param name="Std">Its standard deviation.</param>
internal readonly record struct SceneRelation(SceneRelationKind Kind, double LogRatio, double Std);

/// <summary>Kinds of <see cref="SceneRelation"/>.</summary>
internal enum SceneRelationKind
{
    /// <summary>Another scene: a cut, or a picture that could not be brought over the key picture.</summary>
    Cut,

    /// <summary>The same scene.</summary>
    Same,

    /// <summary>The same scene; this picture is the key picture from now on.</summary>
    Moved,
}
