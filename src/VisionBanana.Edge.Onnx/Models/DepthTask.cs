namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Depth, painted along a colour map: palette row k is the colour at u = k / (slots − 1).</summary>
/// <param name="Id">Value of the task input.</param>
/// <param name="ColourMap">Name of the colour map.</param>
/// <param name="MinDepthM">The nearest depth the model was trained for, in metres.</param>
/// <param name="MaxDepthM">The farthest depth the model was trained for, in metres.</param>
public sealed record DepthTask(int Id, string ColourMap, double MinDepthM, double MaxDepthM)
{
    /// <summary>The colour maps it may be painted along: the one that a depth instruction asks for.</summary>
    internal static readonly string[] ColourMaps = [Codecs.ColourMap.Rainbow.Name];
}
