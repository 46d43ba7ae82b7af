using System.Collections.Immutable;
using System.Numerics;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Normals: palette row k is the colour of direction k.</summary>
/// <param name="Id">Value of the task input.</param>
/// <param name="Directions">Unit vectors in the paper's camera frame (x right, y up, z to the viewer), one for each slot.</param>
public sealed record NormalsTask(int Id, ImmutableArray<Vector3> Directions)
{
    /// <summary>Reads the section <c>tasks.normals</c> of a painter with so many slots.</summary>
    internal static NormalsTask? Read(YamlSection? section, int slots)
    {
        if (section is null)
        {
            return null;
        }

        int id = section.RequireInt("id", 0);
        ImmutableArray<Vector3> directions =
            [.. section.Rows("directions", 3).Select(r => new Vector3((float)r[0], (float)r[1], (float)r[2]))];
        if (directions.Length > 0 && slots > 0 && directions.Length != slots)
        {
            section.Problem("directions", $"expected one row for each of the {slots} slots, found {directions.Length}");
        }

        int crooked = directions.Count(d => Math.Abs(d.Length() - 1) > 1e-3f);
        if (crooked > 0)
        {
            section.Problem("directions", $"expected unit vectors; {crooked} of {directions.Length} are not (|length − 1| > 0.001)");
        }

        section.RefuseUnknownKeys();
        return new NormalsTask(id, directions);
    }
}

/// <summary>Normals: the palette has the colours of the directions.</summary>
internal sealed class NormalsTaskForm() : TaskForm(PerceptKind.Normals)
{
    public override bool IsIn(ModelTasks tasks) => tasks.Normals is not null;

    public override AnswerMeasure? Measure => AnswerMeasure.Painting;

    public override Instruction Sample(ModelManifest manifest) => Instruction.SurfaceNormals();

    public override PreparedInstruction Prepare(ModelManifest manifest, KnownClasses classes, Instruction instruction) =>
        new(manifest.Tasks.Normals!.Id, PaletteColours.OfDirections(manifest.Tasks.Normals.Directions));
}
