using System.Runtime.InteropServices;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>The recording in tests/golden through the tool, against the percepts that stand beside it. How to renew them: tests/golden/README.md.</summary>
public sealed class GoldenRecordingTests
{
    private static readonly string Folder = Path.Combine(Nearby.RepositoryRoot, "tests", "golden");

    private static readonly string[] Streams = ["painting", "depth", "labels", "cloud"];

    [Fact]
    public async Task Replay_ThroughTheGraphWithAKnownAnswer_TheGoldenPerceptsExactly()
    {
        using var work = new WorkFolder();
        string recorded = await ReplayAsync(work, "recorded.mcap", "graph");

        foreach (string stream in Streams)
        {
            byte[][] golden = Percepts(Path.Combine(Folder, "graph.mcap"), stream), now = Percepts(recorded, stream);
            Assert.Equal(2, golden.Length);
            Assert.Equal(golden.Length, now.Length);
            Assert.All(golden.Zip(now), pair => Assert.True(
                pair.First.AsSpan().SequenceEqual(pair.Second), $"{stream}: {Differing(pair.First, pair.Second)} bytes differ"));
        }
    }

    /// <summary>
    /// Exact from run to run on one machine. Across processors convolutions add in another order: colours one step apart, and a few pixels that lie
    /// between two classes, are the same answer.
    /// </summary>
    [Fact]
    public async Task Replay_ThroughTheBundledModel_IdenticalTwice_AndTheGoldenPercepts()
    {
        using var work = new WorkFolder();
        string golden = Path.Combine(Folder, "painter-s.mcap"), model = Path.Combine("models", "painter-s");
        string first = await ReplayAsync(work, "first.mcap", model), second = await ReplayAsync(work, "second.mcap", model);
        Assert.True(
            ModelOf(golden) == ModelOf(first),
            $"The bundled model is {ModelOf(first)}, the golden percepts are of {ModelOf(golden)}. Look at what changed, then renew them as "
                + "tests/golden/README.md says.");

        foreach (string stream in Streams)
        {
            byte[][] one = Percepts(first, stream), two = Percepts(second, stream), expected = Percepts(golden, stream);
            Assert.Equal(2, expected.Length);
            Assert.Equal(expected.Length, one.Length);
            Assert.All(one.Zip(two), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second), $"{stream} differs from run to run"));
            Assert.All(expected.Zip(one), pair => RequireAlike(stream, pair.First, pair.Second));
        }
    }

    private static async Task<string> ReplayAsync(WorkFolder work, string name, string model)
    {
        string file = Path.Combine(work.Path, name), pipeline = Path.Combine(Folder, "pipeline.yaml");
        string path = model == "graph" ? Path.Combine(Folder, model) : Path.Combine(Nearby.RepositoryRoot, model);
        Vbedge.Result run = await Vbedge.RunAsync("run", pipeline, "--model", path, "--record", file, "--json", "--no-view");
        Assert.True(run.ExitCode == 0, run.ToString());
        return file;
    }

    private static string ModelOf(string file)
    {
        using var reader = McapReader.Open(file);
        return reader.ReadMetadata().Single(metadata => metadata.Name == "visionbanana").Entries["model_sha256"];
    }

    /// <summary>The percepts of a stream in the order of their pictures: pixels or points, without the packing that a library's version may change.</summary>
    private static byte[][] Percepts(string file, string stream)
    {
        using var reader = McapReader.Open(file);
        return [.. reader.ReadMessages().Where(
            message => message.Channel.Topic.EndsWith($"/{stream}", StringComparison.Ordinal)).Select(message => Unpack(stream, message.Data))];
    }

    private static byte[] Unpack(string stream, ReadOnlyMemory<byte> payload)
    {
        switch (stream)
        {
            case "painting":
                ReadOnlyMemory<byte> picture = RosMessage.Decode<CompressedImage>(payload).Data;
                var decoder = new OpenCvImageDecoder();
                (int width, int height) = decoder.ReadSize(picture);
                byte[] pixels = new byte[width * height * 3];
                decoder.Decode(picture, width, height, PixelFormat.Rgb8, pixels);
                return pixels;
            case "depth":
                return RosMessage.Decode<Image>(payload).Data.ToArray();
            case "labels":
                return RosMessage.Decode<Image>(payload).Data.ToArray();
            default:
                return RosMessage.Decode<PointCloud2>(payload).Data.ToArray();
        }
    }

    private static void RequireAlike(string stream, byte[] expected, byte[] found)
    {
        if (stream == "cloud")
        {
            // A voxel with one point more or less gives a point more or less, so that only the whole can be compared.
            Assert.InRange((double)found.Length / expected.Length, 0.99, 1.01);
            Assert.InRange(MeanDepth(found) / MeanDepth(expected), 0.999, 1.001);
            return;
        }

        Assert.Equal(expected.Length, found.Length);
        (int apart, int count) = stream switch
        {
            "depth" => (Apart<ushort>(expected, found, (a, b) => Math.Abs(a - b) > 5 + (a / 50)), expected.Length / 2),
            "painting" => (Apart<byte>(expected, found, (a, b) => Math.Abs(a - b) > 1), expected.Length),
            _ => (Differing(expected, found), expected.Length),
        };
        Assert.True(apart <= count / 1000, $"{stream}: {apart} of {count} values are apart");
    }

    private static float MeanDepth(byte[] cloud)
    {
        float sum = 0;
        ReadOnlySpan<CloudPoint> points = MemoryMarshal.Cast<byte, CloudPoint>(cloud);
        foreach (CloudPoint point in points)
        {
            sum += point.Z;
        }

        return sum / points.Length;
    }

    private static int Differing(byte[] a, byte[] b) => Apart<byte>(a, b, (x, y) => x != y);

    private static int Apart<T>(byte[] a, byte[] b, Func<T, T, bool> areApart)
        where T : struct
    {
        ReadOnlySpan<T> first = MemoryMarshal.Cast<byte, T>(a), second = MemoryMarshal.Cast<byte, T>(b);
        int apart = Math.Abs(first.Length - second.Length);
        for (int i = 0; i < Math.Min(first.Length, second.Length); i++)
        {
            apart += areApart(first[i], second[i]) ? 1 : 0;
        }

        return apart;
    }
}
