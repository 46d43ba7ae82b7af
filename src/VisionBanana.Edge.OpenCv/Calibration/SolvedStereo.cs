using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>One camera that was solved, with what it was solved from.</summary>
/// <param name="Collector">The views.</param>
/// <param name="Solution">The camera.</param>
/// <param name="Pictures">Paths of the views' pictures by their names; views of streams have none.</param>
public sealed record SolvedSide(ViewCollector Collector, CameraSolution Solution, IReadOnlyDictionary<string, string> Pictures);

/// <summary>How two cameras stand to each other.</summary>
/// <param name="Pose">The right camera in the left one's frame.</param>
/// <param name="Rms">Root mean square of the distances in the right picture, in pixels, when boards are placed by the left one.</param>
/// <param name="Pairs">Pairs of pictures in which both saw the board, by their paths.</param>
public sealed record SolvedStereo(CameraPose Pose, double Rms, IReadOnlyList<(string Left, string Right)> Pairs);
