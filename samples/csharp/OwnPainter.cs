using System.Globalization;
using System.Reactive.Linq;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>A painter without a network: depth of the bare floor, from where the camera is. own-painter CLIP HEIGHT_M PITCH_DEGREES.</summary>
internal static class OwnPainter
{
    public static async Task RunAsync(string[] args)
    {
        using ICameraSource camera = CameraSource.Open(args[0], new CameraSourceOptions { HorizontalFovDegrees = 60 });
        double[] place = [.. args[1..].Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        using var painter = new FloorPainter(SupportPlane.OfAngles(place[0], place[1]));
        await camera.Frames.Perceive(painter, Instruction.MetricDepth()).Take(3).ForEachAsync(frame =>
            Console.WriteLine(FormattableString.Invariant($"{frame.SequenceNumber}: the floor at the lower edge is {frame.Points[^1].Z:0.00} m away")));
    }

    #region readme
    internal sealed class FloorPainter(SupportPlane floor) : IPainter
    {
        public PainterDescription Description { get; } = new()
        {
            Name = "floor",
            Version = "1",
            Sha256 = "",
            Provider = "cpu",
            Width = 96,
            Height = 72,
            HorizontalFovDegrees = 60,
            Classes = new LabelPalette([]),
            Kinds = [PerceptKind.Depth],
        };

        public string? WhyNot(Instruction instruction) => instruction.Kind == PerceptKind.Depth ? null : "it answers depth only";

        public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
        {
            Percept percept = frame.Add(instructions[0]);
            percept.PainterGaveValues = true;   // metres, not colours
            for (int pixel = 0; pixel < percept.Depth.Length; pixel++)
            {
                (double x, double y) = frame.Intrinsics!.Unproject(pixel % frame.Width, pixel / frame.Width);
                double inverse = floor.InverseDepthAt(x, y);
                percept.Depth[pixel] = inverse > 0 ? (float)(1 / inverse) : float.PositiveInfinity;   // above the horizon: too far
            }
            percept.Confidence.Fill(1);
        }

        public void Dispose()
        {
        }
    }
    #endregion
}
