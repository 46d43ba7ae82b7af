namespace VisionBanana.Edge.Imaging;

/// <summary>How the colours of 2 × 2 pixels stand behind the plane of luminance.</summary>
internal enum Yuv420Order
{
    /// <summary>One plane of U and V in turn.</summary>
    InterleavedUv,

    /// <summary>One plane of V and U in turn.</summary>
    InterleavedVu,

    /// <summary>A plane of U, then one of V.</summary>
    PlanarUv,

    /// <summary>A plane of V, then one of U.</summary>
    PlanarVu,
}
