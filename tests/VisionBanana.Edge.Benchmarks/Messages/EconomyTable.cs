using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Benchmarks.Messages;

/// <summary>
/// The table of samples/README.md: what a real picture costs in each form, bytes of the whole message and milliseconds to encode it and to
/// decode its data again. <c>economy [FOLDER [PICTURE]]</c>; the folder holds camera.yaml, rgb/PICTURE.jpg or .png and depth/PICTURE.png (16 bits, mm).
/// </summary>
internal static class EconomyTable
{
    private const int Runs = 200, WarmUp = 30;

    private static readonly (string Name, StreamOptions Options)[] Forms =
    [
        ("`color`, JPEG 85", Only(color: new())),
        ("`depth: {encoding: 16UC1}`", Only(depth: new())),
        ("`depth: {encoding: 32FC1}`", Only(depth: new() { Encoding = DepthEncoding.Metres })),
        ("`depth: {encoding: compressed_png}`", Only(depth: new() { Encoding = DepthEncoding.CompressedPng })),
        ("`depth: {encoding: rvl}`", Only(depth: new() { Encoding = DepthEncoding.Rvl })),
        ("`depth: {encoding: zstd}`", Only(depth: new() { Encoding = DepthEncoding.Zstd })),
        ("`painting` (depth as RGB), PNG", Only() with { Painting = new() }),
        ("`cloud: {stride: 1}`", Only(cloud: new())),
        ("`cloud: {stride: 2}`", Only(cloud: new() { Stride = 2 })),
        ("`cloud: {format: zstd}`", Only(cloud: new() { Format = CloudFormat.Zstd })),
        ("`cloud: {format: zstd, precision_m: 0.001}`", Only(cloud: new() { Format = CloudFormat.Zstd, PrecisionM = 0.001 })),
        ("`cloud: {format: cloudini}`, steps of 1 mm", Only(cloud: new() { Format = CloudFormat.Cloudini })),
        ("`cloud: {format: cloudini, precision_m: 0.005}`", Only(cloud: new() { Format = CloudFormat.Cloudini, PrecisionM = 0.005 })),
        ("`cloud: {voxel_m: 0.02}`", Only(cloud: new() { VoxelM = 0.02 })),
        ("`cloud: {voxel_m: 0.05}`", Only(cloud: new() { VoxelM = 0.05 })),
        ("`cloud: {voxel_m: 0.05, precision_m: 0.001, format: zstd}`", Only(cloud: new() { VoxelM = 0.05, PrecisionM = 0.001, Format = CloudFormat.Zstd })),
        ("`cloud: {voxel_m: 0.05, format: cloudini}`", Only(cloud: new() { VoxelM = 0.05, Format = CloudFormat.Cloudini })),
    ];

    public static int Run(string[] arguments)
    {
        string folder = arguments.Length > 0 ? arguments[0] : Path.Combine("..", "shared", "data", "real", "tabletop-a");
        string picture = arguments.Length > 1 ? arguments[1] : "000";
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"{Path.GetFullPath(folder)} is not there: give a folder with camera.yaml, rgb/ and depth/.");
            return 2;
        }

        PerceptionFrame frame = Load(folder, picture);
        using var images = new OpenCvImageEncoder();
        Console.WriteLine(Invariant($"{frame.Width} × {frame.Height}, picture {picture} of {Path.GetFileName(Path.GetFullPath(folder))}, ")
            + Invariant($"{Measured(frame):P0} of the pixels measured; {Runs} runs; {Environment.ProcessorCount} processors, load {Load()} before"));
        Console.WriteLine();
        Console.WriteLine("| what | bytes per picture | encode, median (best) ms | decode, median (best) ms |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach ((string name, StreamOptions options) in Forms)
        {
            Console.WriteLine(Row(name, new MessageEncoder(options, images), frame));
        }

        Console.WriteLine();
        Console.WriteLine($"load {Load()} after");
        return 0;
    }

    private static StreamOptions Only(ColorStreamOptions? color = null, DepthStreamOptions? depth = null, CloudStreamOptions? cloud = null) => new()
    {
        Color = color,
        Depth = depth,
        Cloud = cloud,
        Painting = null,
        Labels = null,
        Normals = null,
        Instances = null,
        Mask = null,
    };

    private static string Row(string name, MessageEncoder encoder, PerceptionFrame frame)
    {
        var encode = new List<double>();
        var decode = new List<double>();
        int bytes = 0;
        byte[] room = new byte[frame.Width * frame.Height * CloudPoint.ByteSize];
        for (int i = 0; i < WarmUp + Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            if (!encoder.TryEncode(frame, out EncodedFrame? encoded))
            {
                throw new InvalidOperationException("The pool has a place: every encoded picture was given back.");
            }

            TimeSpan encoding = Stopwatch.GetElapsedTime(start);
            using (encoded)
            {
                WireMessage message = encoded.Messages.Single(m => m.Stream is Streams.Color or Streams.Depth or Streams.Painting or Streams.Cloud);
                bytes = message.Payload.Length;
                start = Stopwatch.GetTimestamp();
                Decode(message, frame, room);
                TimeSpan decoding = Stopwatch.GetElapsedTime(start);
                if (i >= WarmUp)
                {
                    encode.Add(encoding.TotalMilliseconds);
                    decode.Add(decoding.TotalMilliseconds);
                }
            }
        }

        return Invariant($"| {name} | {bytes:N0} | {Median(encode):F2} ({encode[0]:F2}) | {Median(decode):F2} ({decode[0]:F2}) |");
    }

    /// <summary>From the message to pixels or points in memory of one's own.</summary>
    private static void Decode(WireMessage message, PerceptionFrame frame, byte[] room)
    {
        ReadOnlySpan<byte> data = message.Payload.Span.Slice(message.DataOffset, message.DataLength);
        switch (message.Encoding)
        {
            case ImageEncodings.Jpeg or ImageEncodings.Png:
                Cv2.ImDecode(data, ImreadModes.Unchanged).Dispose();
                break;
            case ImageEncodings.DepthPng:
                Cv2.ImDecode(data[CompressedDepth.ConfigLength..], ImreadModes.Unchanged).Dispose();
                break;
            case ImageEncodings.DepthRvl or ImageEncodings.DepthZstd:
                CompressedDepth.Read(data, message.Encoding, MemoryMarshal.Cast<byte, ushort>(room.AsSpan()), frame.Width, frame.Height);
                break;
            case ImageEncodings.PointsZstd:
                using (var decompressor = new ZstdSharp.Decompressor())
                {
                    decompressor.Unwrap(data, room);
                }

                break;
            case ImageEncodings.PointsCloudini:
                Span<CloudPoint> points = MemoryMarshal.Cast<byte, CloudPoint>(room.AsSpan())[..(message.Width * message.Height)];
                CloudiniReader.Read(data, points, message.Width, message.Height);
                break;
            default:
                data.CopyTo(room);
                break;
        }
    }

    private static PerceptionFrame Load(string folder, string picture)
    {
        CameraIntrinsics camera = CameraInfoYaml.Read(Path.Combine(folder, "camera.yaml"));
        string colour = Directory.GetFiles(Path.Combine(folder, "rgb"), picture + ".*").Single();
        using Mat rgb = Cv2.ImRead(colour, ImreadModes.Color);
        using Mat millimetres = Cv2.ImRead(Path.Combine(folder, "depth", picture + ".png"), ImreadModes.Unchanged);
        using Mat swapped = rgb.CvtColor(ColorConversionCodes.BGR2RGB);
        if (!PerceptionFrame.CreatePool(1, rgb.Width, rgb.Height).TryRent(out PerceptionFrame? frame))
        {
            throw new InvalidOperationException("A new pool has a frame.");
        }

        swapped.GetArray(out Vec3b[] pixels);
        MemoryMarshal.AsBytes(pixels.AsSpan()).CopyTo(frame.ColorBytes);
        frame.Intrinsics = camera;
        frame.FrameId = "camera_optical";
        frame.HasSource.Fill(true);
        var instruction = (DepthInstruction)Instruction.MetricDepth();
        Percept depth = frame.Add(instruction);
        millimetres.GetArray(out ushort[] samples);
        DepthImage.ToMetres(samples, depth.Depth);
        depth.Confidence.Fill(1);
        DepthCodec.Encode(depth.Depth, depth.Painting);
        new PointCloudBuilder().Build(frame);
        return frame;
    }

    /// <summary>Sorts; the best is the first afterwards.</summary>
    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static double Measured(PerceptionFrame frame)
    {
        int measured = 0;
        foreach (float depth in frame.Find(PerceptKind.Depth)!.Depth)
        {
            measured += float.IsFinite(depth) ? 1 : 0;
        }

        return (double)measured / (frame.Width * frame.Height);
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
