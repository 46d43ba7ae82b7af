using System.Collections.Immutable;
using System.Numerics;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Normals: palette row k is the colour of direction k.</summary>
/// <param name="Id">Value of the task input.</param>
/// <param name="Directions">Unit vectors in the paper's camera frame (x right, y up, z to the viewer), one for each slot.</param>
public sealed record NormalsTask(int Id, ImmutableArray<Vector3> Directions);
