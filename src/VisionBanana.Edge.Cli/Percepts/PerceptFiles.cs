using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Percepts;

/// <summary>Writes everything a frame holds as files that other tools open.</summary>
internal static class PerceptFiles
{
    /// <summary>Writes the files <c>STEM.*</c> and tells what is in them.</summary>
    public static InferResult Write(PerceptionFrame frame, string stem, string image)
    {
        int width = frame.Width, height = frame.Height;
        var files = new List<string>();
        string Name(string suffix)
        {
            files.Add(stem + suffix);
            return files[^1];
        }

        double median = double.NaN;
        foreach (InstructionForm form in InstructionForms.All)
        {
            if (frame.Find(form.Kind) is not { } percept)
            {
                continue;
            }

            switch (percept.Plane)
            {
                case PerceptPlane.Depth:
                    PictureFile.WriteRgb(Name($".painting-{form.Word}.png"), percept.PaintingBytes, width, height);
                    PictureFile.WriteDepth(Name($".{form.Word}.png"), percept.Depth, width, height);
                    median = Median(percept.Depth);
                    break;
                case PerceptPlane.Normals:
                    PictureFile.WriteRgb(Name($".painting-{form.Word}.png"), percept.PaintingBytes, width, height);
                    break;
                case PerceptPlane.Labels:
                    PictureFile.WriteLabels(Name($".{form.Word}.png"), percept.Labels, width, height);
                    break;
            }
        }

        int points = 0;
        if (frame.HasPoints)
        {
            PlyFile.Write(Name(".cloud.ply"), frame.Points);
            foreach (CloudPoint point in frame.Points)
            {
                points += PointCloud.IsFinite(point) ? 1 : 0;
            }
        }

        if (frame.Intrinsics is { } camera)
        {
            CameraInfoYaml.Write(Name(".camera.yaml"), camera);
        }

        PreviewPicture.Write(Name(".preview.png"), frame);
        return new InferResult(image, width, height, median, points, Shares(frame), files);
    }

    private static double Median(ReadOnlySpan<float> depth)
    {
        float[] finite = new float[depth.Length];
        int count = 0;
        foreach (float metres in depth)
        {
            if (float.IsFinite(metres))
            {
                finite[count++] = metres;
            }
        }

        Array.Sort(finite, 0, count);
        return count == 0 ? double.NaN : finite[count / 2];
    }

    private static SortedDictionary<string, double> Shares(PerceptionFrame frame)
    {
        var shares = new SortedDictionary<string, double>(StringComparer.Ordinal);
        if (frame.Find(PerceptKind.Labels) is { Instruction: SemanticInstruction { Palette: { } palette } } percept)
        {
            Dictionary<int, string> names = palette.ToDictionary(c => c.Id, c => c.Name);
            foreach (ushort id in percept.Labels)
            {
                string name = id == LabelPlane.Unknown ? "unknown" : names[id];
                shares[name] = shares.GetValueOrDefault(name) + (1.0 / percept.Labels.Length);
            }
        }

        return shares;
    }
}
