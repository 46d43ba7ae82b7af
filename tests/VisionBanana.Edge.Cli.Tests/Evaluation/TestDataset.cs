using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Evaluation;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Tests.Evaluation;

/// <summary>
/// A dataset in a temporary folder, for the painters of make_graphs.py (32 × 24, 60°): its pictures are 64 × 48 with the same view, and every
/// painted pixel is a block of 2 × 2. Functions take painted pixels.
/// </summary>
internal sealed class TestDataset : IDisposable
{
    public const int Width = 32, Height = 24;

    public TestDataset(string? settings = null)
    {
        Folder = Directory.CreateTempSubdirectory("vbedge-dataset-").FullName;
        CameraInfoYaml.Write(Path.Combine(Folder, "camera.yaml"), CameraIntrinsics.FromHorizontalFov(2 * Width, 2 * Height, 60));
        if (settings is not null)
        {
            File.WriteAllText(Path.Combine(Folder, DatasetSettings.FileName), settings);
        }
    }

    public string Folder { get; }

    /// <summary>What the test painter makes of red: the depth whose place on the walk is red / 255.</summary>
    public static double DepthOf(int red) => DepthCodec.UToDepth(red / 255.0);

    public Dataset Open() => Assert.Single(Dataset.Open([Folder], _ => { }, CancellationToken.None));

    public void Add(string name, Func<int, int, Rgb24> colour, Func<int, int, double> depthM, Func<int, int, int>? labels = null)
    {
        using var rgb = new Mat(2 * Height, 2 * Width, MatType.CV_8UC3);
        using var depth = new Mat(2 * Height, 2 * Width, MatType.CV_16UC1);
        using var ids = new Mat(2 * Height, 2 * Width, MatType.CV_8UC1);
        for (int y = 0; y < 2 * Height; y++)
        {
            for (int x = 0; x < 2 * Width; x++)
            {
                Rgb24 c = colour(x / 2, y / 2);
                rgb.Set(y, x, new Vec3b(c.B, c.G, c.R));
                depth.Set(y, x, (ushort)Math.Round(depthM(x / 2, y / 2) * 1000));
                ids.Set(y, x, (byte)(labels?.Invoke(x / 2, y / 2) ?? 0));
            }
        }

        Write("rgb", name, rgb);
        Write("depth", name, depth);
        if (labels is not null)
        {
            Write("labels", name, ids);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write(string part, string name, Mat picture)
    {
        Directory.CreateDirectory(Path.Combine(Folder, part));
        Assert.True(Cv2.ImWrite(Path.Combine(Folder, part, name + ".png"), picture));
    }
}
