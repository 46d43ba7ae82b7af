using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

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

    /// <summary>Reads the section <c>tasks.depth</c>.</summary>
    internal static DepthTask? Read(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        int id = section.RequireInt("id", 0);
        string map = ColourMaps[section.RequireOneOf("colour_map", ColourMaps)];
        double min = section.RequireDouble("min_depth_m", 0, 1e4);
        double max = section.RequireDouble("max_depth_m", 0, 1e6);
        if (max <= min)
        {
            section.Problem("max_depth_m", FormattableString.Invariant($"expected more than min_depth_m ({min}), found {max}"));
        }

        section.RefuseUnknownKeys();
        return new DepthTask(id, map, min, max);
    }
}

/// <summary>Depth: the palette is the colour map.</summary>
internal sealed class DepthTaskForm() : TaskForm(PerceptKind.Depth)
{
    public override bool IsIn(ModelTasks tasks) => tasks.Depth is not null;

    public override AnswerMeasure? Measure => AnswerMeasure.Depth;

    public override Instruction Sample(ModelManifest manifest) => Instruction.MetricDepth();

    public override PreparedInstruction Prepare(ModelManifest manifest, KnownClasses classes, Instruction instruction) =>
        new(manifest.Tasks.Depth!.Id, PaletteColours.OfWalk(manifest.Painter!.Slots));
}
