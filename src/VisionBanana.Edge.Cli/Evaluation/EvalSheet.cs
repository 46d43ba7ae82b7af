using System.Globalization;
using System.Numerics;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>The best, the median and the worst picture of a dataset (by AbsRel), beside what is true.</summary>
internal static class EvalSheet
{
    // An error of half the distance is as bright as it gets.
    private const double BrightestError = 0.5;

    /// <summary>Adds the three rows of a measured dataset.</summary>
    public static void AddTo(ContactSheet sheet, Evaluator evaluator, string dataset)
    {
        KeyValuePair<DatasetPicture, double>[] order = [.. evaluator.AbsRel.OrderBy(f => f.Value)];
        (string Word, int Index)[] rows = order.Length switch
        {
            0 => [],
            1 => [("only", 0)],
            2 => [("best", 0), ("worst", 1)],
            _ => [("best", 0), ("median", order.Length / 2), ("worst", order.Length - 1)],
        };
        foreach ((string word, int index) in rows)
        {
            using PerceptionFrame frame = evaluator.Perceive(order[index].Key, out PictureTruth truth);
            string caption = string.Create(CultureInfo.InvariantCulture, $"{dataset}: {word}, {order[index].Key.Name}, AbsRel {order[index].Value:0.000}");
            sheet.AddRow(caption, Panels(frame, truth));
        }
    }

    private static List<(string Title, byte[] Rgb)> Panels(PerceptionFrame frame, PictureTruth truth)
    {
        var panels = new List<(string, byte[])> { ("picture", frame.ColorBytes.ToArray()) };
        Percept depth = frame.Find(PerceptKind.Depth)!;
        var painted = new Rgb24[truth.Depth.Length];
        DepthCodec.Encode(truth.Depth, painted);
        panels.Add(("true depth, painted", Bytes(painted)));
        panels.Add(("painted depth", depth.PaintingBytes.ToArray()));
        foreach (InstructionForm form in InstructionForms.All.Where(f => f.Kind != PerceptKind.Depth).OrderBy(f => f.Kind))
        {
            if (frame.Find(form.Kind) is { } percept)
            {
                panels.Add((form.Word, percept.PaintingBytes.ToArray()));
            }
        }

        for (int i = 0; i < painted.Length; i++)
        {
            double error = DepthFigures.RelativeError(DepthFigures.Clamp(depth.Depth[i]), truth.Depth[i]);
            Vector3 colour = double.IsNaN(error) ? Vector3.Zero : ColourMap.Inferno.At((float)Math.Min(error / BrightestError, 1)) * 255;
            painted[i] = new Rgb24((byte)colour.X, (byte)colour.Y, (byte)colour.Z);
        }

        panels.Add(("error, black 0 to yellow 50 % and more", Bytes(painted)));
        return panels;
    }

    private static byte[] Bytes(Rgb24[] pixels) => System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray();
}
