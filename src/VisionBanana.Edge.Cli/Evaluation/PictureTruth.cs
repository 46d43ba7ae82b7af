namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What is true of one picture. Planes are rows from the top.</summary>
/// <param name="Depth">Metres along the optical axis; NaN = not measured.</param>
/// <param name="Labels">Ids as the file has them; empty = the dataset has none. <see cref="Imaging.LabelPlane.Unknown"/> = not measured.</param>
internal sealed record PictureTruth(float[] Depth, ushort[] Labels)
{
    /// <summary>The same truth in the pixels of another camera: every pixel takes the nearest one, those outside are not measured.</summary>
    public PictureTruth Through(PixelMap map) => new(map.Apply(Depth, float.NaN), Labels.Length == 0 ? [] : map.Apply(Labels, Imaging.LabelPlane.Unknown));
}
