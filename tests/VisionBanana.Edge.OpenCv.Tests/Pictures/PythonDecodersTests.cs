using System.Runtime.InteropServices;
using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

/// <summary>
/// Compressed depth and clouds of a real picture, read by the Python code of samples/python-consumer/README.md with OpenCV, numpy and the zstd program.
/// </summary>
public sealed class PythonDecodersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vbedge-economy-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(DepthEncoding.Millimetres)]
    [InlineData(DepthEncoding.CompressedPng)]
    [InlineData(DepthEncoding.Rvl)]
    [InlineData(DepthEncoding.Zstd)]
    public async Task DepthMm_OfARealPicture_TheSamplesThatWereSent(DepthEncoding encoding)
    {
        using Mat file = Cv2.ImRead(Path.Combine(Nearby.SharedData("real/tabletop-a"), "depth", "000.png"), ImreadModes.Unchanged);
        file.GetArray(out ushort[] millimetres);
        WireMessage message = Encode(
            file.Width, file.Height, millimetres, new StreamOptions { Color = null, Painting = null, Depth = new() { Encoding = encoding } }, Streams.Depth);
        Assert.Null(MessageValidator.WhyMalformed(message));
        Write(message, MemoryMarshal.AsBytes(millimetres.AsSpan()));
        await RunAsync("found, sent = depth_mm(header, payload), numpy.frombuffer(expected, '<u2').reshape(header['height'], header['width'])");
    }

    [Theory]
    [InlineData(CloudFormat.Plain)]
    [InlineData(CloudFormat.Zstd)]
    public async Task Points_OfARealPicture_ThePointsThatWereSent(CloudFormat format)
    {
        using Mat file = Cv2.ImRead(Path.Combine(Nearby.SharedData("real/tabletop-a"), "depth", "000.png"), ImreadModes.Unchanged);
        file.GetArray(out ushort[] millimetres);
        var plain = new StreamOptions { Color = null, Painting = null, Depth = null, Cloud = new() { Stride = 4, PrecisionM = 0.01 } };
        WireMessage sent = Encode(file.Width, file.Height, millimetres, plain, Streams.Cloud);
        byte[] points = sent.Payload.Slice(sent.DataOffset, sent.DataLength).ToArray();
        WireMessage message = Encode(file.Width, file.Height, millimetres, plain with { Cloud = plain.Cloud! with { Format = format } }, Streams.Cloud);
        Write(message, points);
        await RunAsync("cloud = points(header, payload); found, sent = numpy.array([cloud.tobytes() == expected, cloud.dtype['z'] == numpy.float32]), "
            + "numpy.array([True, True])");
    }

    [Fact]
    public async Task Points_OfARealPictureQuantised_WithinHalfAStep()
    {
        using Mat file = Cv2.ImRead(Path.Combine(Nearby.SharedData("real/tabletop-a"), "depth", "000.png"), ImreadModes.Unchanged);
        file.GetArray(out ushort[] millimetres);
        var plain = new StreamOptions { Color = null, Painting = null, Depth = null, Cloud = new() { Stride = 4 } };
        WireMessage sent = Encode(file.Width, file.Height, millimetres, plain, Streams.Cloud);
        byte[] points = sent.Payload.Slice(sent.DataOffset, sent.DataLength).ToArray();
        WireMessage message = Encode(
            file.Width, file.Height, millimetres, plain with { Cloud = plain.Cloud! with { Format = CloudFormat.Cloudini } }, Streams.Cloud);
        Write(message, points);
        await RunAsync(
            """
            cloud = points(header, payload)
            exact = numpy.frombuffer(expected, cloud.dtype).reshape(cloud.shape)
            found = numpy.array([numpy.allclose(cloud[n], exact[n], atol=0.000501, rtol=1e-6, equal_nan=True) for n in "xyz"]
                                + [numpy.array_equal(cloud[n], exact[n]) for n in ("rgb", "label")])
            sent = numpy.ones(5, bool)
            """);
    }

    private static WireMessage Encode(int width, int height, ushort[] millimetres, StreamOptions options, string stream)
    {
        using var images = new OpenCvImageEncoder();
        Assert.True(PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.FrameId = "camera_optical";
            frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(width, height, 60);
            frame.ColorBytes.Fill(90);
            Percept depth = frame.Add(Instruction.MetricDepth());
            DepthImage.ToMetres(millimetres, depth.Depth);
            depth.Confidence.Fill(1);
            new PointCloudBuilder().Build(frame);

            Assert.True(new MessageEncoder(options, images).TryEncode(frame, out EncodedFrame? encoded));
            using (encoded)
            {
                WireMessage message = encoded.Messages.Single(message => message.Stream == stream);
                message.Payload = message.Payload.ToArray();
                return message;
            }
        }
    }

    private void Write(WireMessage message, ReadOnlySpan<byte> expected)
    {
        using var header = new WireHeader();
        File.WriteAllBytes(Path.Combine(_folder.FullName, "header"), header.Write(message).ToArray());
        File.WriteAllBytes(Path.Combine(_folder.FullName, "payload"), message.Payload.ToArray());
        File.WriteAllBytes(Path.Combine(_folder.FullName, "expected"), expected.ToArray());
    }

    private async Task RunAsync(string comparison)
    {
        Assert.SkipWhen(ExternalProcess.Find("zstd") is null, "zstd is not installed");
        string readme = await File.ReadAllTextAsync(Path.Combine(Nearby.RepositoryRoot, "samples", "python-consumer", "README.md"));
        int start = readme.IndexOf("```python\nimport cv2", StringComparison.Ordinal) + "```python\n".Length;
        string decoders = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];

        // python3-zstandard is not everywhere; the zstd program speaks the same format.
        string program = $"""
            import json, subprocess, sys, types
            zstandard = types.ModuleType("zstandard")
            zstandard.decompress = lambda data: subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
            sys.modules["zstandard"] = zstandard
            {decoders}
            header, payload, expected = (open("{_folder.FullName}/" + name, "rb").read() for name in ("header", "payload", "expected"))
            header = json.loads(header)
            {comparison}
            assert found.shape == sent.shape and (found == sent).all(), (found.shape, sent.shape)
            print("same", found.shape)
            """;
        using ExternalProcess process = await Consumers.RunAsync(program, ["cv2", "numpy"]);
        Assert.True(await process.WaitAsync(TimeSpan.FromSeconds(60)) == 0, process.Errors);
        Assert.StartsWith("same", Assert.Single(process.Output), StringComparison.Ordinal);
    }
}
