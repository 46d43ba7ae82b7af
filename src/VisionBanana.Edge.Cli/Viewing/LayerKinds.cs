using System.Collections.Immutable;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The table of layers: the picture, the plane of every task, and what belongs to metric depth and to the camera.</summary>
internal static class LayerKinds
{
    /// <summary>Every layer; pages and the hub know them by their index.</summary>
    public static ImmutableArray<LayerKind> All { get; } =
        [new ColorLayer(), .. Enum.GetValues<PerceptKind>().Select(OfTask), new ConfidenceLayer(), new PaintingLayer(), new AroundLayer(),
            new RaysLayer()];

    /// <summary>The index of a layer by its name, or -1 when there is none.</summary>
    public static int IndexOf(string? name)
    {
        for (int i = 0; i < All.Length; i++)
        {
            if (All[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static LayerKind OfTask(PerceptKind kind)
    {
        string name = InstructionForms.Of(kind).Word;
        return Percept.PlaneOf(kind) switch
        {
            PerceptPlane.Depth => new DepthLayer(name, kind),
            PerceptPlane.Labels => new IdsLayer(name, kind),
            PerceptPlane.Normals => new NormalsLayer(name, kind),
            var plane => throw new NotSupportedException($"No layer shows the plane {plane}."),
        };
    }
}
