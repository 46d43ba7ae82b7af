namespace VisionBanana.Edge.Imaging;

/// <summary>What a decoded painting is.</summary>
public enum PerceptKind
{
    /// <summary>Metres along the optical axis.</summary>
    Depth,

    /// <summary>A class per pixel.</summary>
    Labels,

    /// <summary>Unit surface normals in the optical frame.</summary>
    Normals,

    /// <summary>Objects of one class told apart.</summary>
    Instances,

    /// <summary>The pixels that a phrase refers to.</summary>
    Mask,
}
