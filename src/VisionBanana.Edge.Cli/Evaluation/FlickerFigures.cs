namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>How much the depth of a scene that stands still changes from picture to picture.</summary>
/// <param name="Kind"><c>static_pictures</c>: over the pictures of a dataset that says <c>static: true</c>. <c>noise</c>: over one picture with fresh noise (σ
/// = 3 of 255) each time.</param>
/// <param name="Pictures">Pictures of the clip, or pictures that noise was added to.</param>
/// <param name="LogStdMean">Mean over pixels of the standard deviation of log(depth).</param>
/// <param name="LogStdP95">Its 95th percentile over pixels.</param>
internal sealed record FlickerFigures(string Kind, int Pictures, double LogStdMean, double LogStdP95);
