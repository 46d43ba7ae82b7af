using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using OpenCvSharp;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Benchmarks.Codecs;

/// <summary>
/// Ways to write a lossless PNG, measured on the paintings and depths of a recording: <c>png [RECORDING]</c>; without one on tests/golden/painter-s.mcap.
/// Every way encodes every picture in turn; what it wrote is decoded by OpenCV and compared with the pixels.
/// </summary>
internal static class PngTable
{
    private const int Rounds = 20, MostPictures = 60;

    // IMWRITE_PNG_FILTER of OpenCV 4.12 and later, which the binding does not name, and two of its values.
    private const int PngFilter = 19, FilterSub = 16, FilterUp = 32;

    private static readonly (string Name, int[] Parameters)[] OpenCvWays =
    [
        ("OpenCV, level 1", Level1()),
        ("OpenCV, no parameters (level 1, RLE, filter Sub)", []),
        ("OpenCV, level 1, filtered", Level1(ImwritePNGFlags.StrategyFiltered)),
        ("OpenCV, level 1, RLE", Level1(ImwritePNGFlags.StrategyRLE)),
        ("OpenCV, level 1, Huffman only", Level1(ImwritePNGFlags.StrategyHuffmanOnly)),
        ("OpenCV, level 1, fixed", Level1(ImwritePNGFlags.StrategyFixed)),
        ("OpenCV, level 1, RLE, filter Sub", [.. Level1(ImwritePNGFlags.StrategyRLE), PngFilter, FilterSub]),
        ("OpenCV, level 1, RLE, filter Up", [.. Level1(ImwritePNGFlags.StrategyRLE), PngFilter, FilterUp]),
    ];

    private delegate void Encode(Picture picture, IBufferWriter<byte> output);

    public static int Run(string[] arguments)
    {
        string file = arguments.Length > 0 ? arguments[0] : Path.Combine("tests", "golden", "painter-s.mcap");
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"{Path.GetFullPath(file)} is not there: give a recording with the streams painting and depth.");
            return 2;
        }

        using var reader = McapReader.Open(file);
        using var encoder = new OpenCvImageEncoder();
        Picture[] paintings = [.. reader.ReadMessages(Only("/painting")).Take(MostPictures).Select(Painting)];
        Print("paintings, RGB", paintings, (picture, output) => encoder.EncodePng(picture.Rgb, picture.Mat.Width, picture.Mat.Height, output));
        Picture[] depths = [.. reader.ReadMessages(Only("/depth")).Take(MostPictures).Select(Depth)];
        Print("depths, 16 bits", depths, (picture, output) => encoder.EncodePng16(picture.Samples, picture.Mat.Width, picture.Mat.Height, output));
        return 0;
    }

    private static void Print(string what, Picture[] pictures, Encode ours)
    {
        if (pictures.Length == 0)
        {
            Console.WriteLine($"No {what}.");
            return;
        }

        (string Name, Encode Encode)[] ways = [.. OpenCvWays.Select(way => (way.Name, OpenCv(way.Parameters))), ("this SDK", ours)];
        double[][] times = [.. ways.Select(_ => new double[Rounds * pictures.Length])];
        long[] bytes = new long[ways.Length];
        var output = new ArrayBufferWriter<byte>(1 << 20);
        for (int run = -pictures.Length; run < Rounds * pictures.Length; run++)
        {
            Picture picture = pictures[(run + pictures.Length) % pictures.Length];
            for (int way = 0; way < ways.Length; way++)
            {
                output.ResetWrittenCount();
                long start = Stopwatch.GetTimestamp();
                ways[way].Encode(picture, output);
                double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (run < 0)
                {
                    RequireSame(picture.Mat, output.WrittenSpan);
                    continue;
                }

                times[way][run] = time;
                bytes[way] += output.WrittenCount;
            }
        }

        Console.WriteLine(Invariant($"{what}: {pictures.Length} of {pictures[0].Mat.Width} × {pictures[0].Mat.Height}, {Rounds} rounds"));
        Console.WriteLine();
        Console.WriteLine("| way | ms per picture, median (best) | bytes per picture |");
        Console.WriteLine("|---|---:|---:|");
        for (int way = 0; way < ways.Length; way++)
        {
            Array.Sort(times[way]);
            double median = times[way][times[way].Length / 2];
            Console.WriteLine(Invariant($"| {ways[way].Name} | {median:F2} ({times[way][0]:F2}) | {bytes[way] / times[way].Length:N0} |"));
        }

        Console.WriteLine();
    }

    private static Encode OpenCv(int[] parameters) => (picture, output) =>
    {
        Cv2.ImEncode(".png", picture.Mat, out byte[] file, parameters);
        output.Write(file);
    };

    private static int[] Level1(ImwritePNGFlags? strategy = null)
    {
        int[] level = [(int)ImwriteFlags.PngCompression, 1];
        return strategy is { } flag ? [.. level, (int)ImwriteFlags.PngStrategy, (int)flag] : level;
    }

    private static void RequireSame(Mat picture, ReadOnlySpan<byte> file)
    {
        using Mat decoded = Cv2.ImDecode(file, ImreadModes.Unchanged);
        if (decoded.Type() != picture.Type() || decoded.Size() != picture.Size() || Cv2.Norm(decoded, picture, NormTypes.L1) != 0)
        {
            throw new InvalidOperationException("What was written is not the picture.");
        }
    }

    private static Picture Painting(McapMessage message)
    {
        Mat mat = Cv2.ImDecode(RosMessage.Decode<CompressedImage>(message.Data).Data.Span, ImreadModes.Color);
        using Mat swapped = mat.CvtColor(ColorConversionCodes.BGR2RGB);
        swapped.GetArray(out Vec3b[] pixels);
        return new Picture(mat, MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray(), []);
    }

    private static Picture Depth(McapMessage message)
    {
        Image image = RosMessage.Decode<Image>(message.Data);
        ushort[] samples = MemoryMarshal.Cast<byte, ushort>(image.Data.Span).ToArray();
        using Mat borrowed = Mat.FromPixelData((int)image.Height, (int)image.Width, MatType.CV_16UC1, samples);
        return new Picture(borrowed.Clone(), [], samples);
    }

    private static McapReadOptions Only(string stream) => new()
    {
        Channels = channel => channel.Topic.EndsWith(stream, StringComparison.Ordinal),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Picture(Mat Mat, byte[] Rgb, ushort[] Samples);
}
