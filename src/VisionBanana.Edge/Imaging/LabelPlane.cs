namespace VisionBanana.Edge.Imaging;

/// <summary>Facts of planes of labels: Height × Width 16-bit ids, rows from the top.</summary>
public static class LabelPlane
{
    /// <summary>The label of pixels that were not decided or have no source.</summary>
    public const ushort Unknown = 65535;
}
