using OpenCvSharp;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

public sealed class RawEncodingTests
{
    private const int Width = 34, Height = 22;

    public static TheoryData<string, bool> Encodings
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string name in RawEncoding.All.SelectMany(encoding => encoding.Names))
            {
                data.Add(name, false);
                data.Add(name, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Convert_EveryEncoding_GivesWhatOpenCvGives(string name, bool isBigEndian)
    {
        RawEncoding encoding = RawEncoding.Require(name);
        var random = new Random(11);
        for (int padding = 0; padding <= 6; padding += 6)
        {
            (MatType type, int rows, ColorConversionCodes? code) = AsOpenCv(encoding.Name);
            int depthBytes = type.Depth == MatType.CV_16U ? 2 : 1;
            int rowBytes = Width * type.Channels * depthBytes, step = rowBytes + padding;
            byte[] data = new byte[step * rows];
            random.NextBytes(data);
            using Mat picture = Load(
                data, type, rows, step, rowBytes, isBigEndian && depthBytes == 2, encoding.Name.StartsWith('i') || encoding.Name == "yv12");
            using Mat bgr = ToBgr(picture, code, encoding.Name);
            foreach (PixelFormat format in Enum.GetValues<PixelFormat>())
            {
                byte[] pixels = new byte[Width * Height * 3];
                encoding.Convert(data, Width, Height, step, isBigEndian, format, pixels);
                byte[] expected = new byte[pixels.Length];
                using Mat ordered = format == PixelFormat.Bgr8 ? bgr.Clone() : bgr.CvtColor(ColorConversionCodes.BGR2RGB);
                System.Runtime.InteropServices.Marshal.Copy(ordered.Data, expected, 0, expected.Length);
                Assert.Equal(expected, pixels);
            }
        }
    }

    [Theory]
    [InlineData("mono16", 1)]
    [InlineData("rgb16", 3)]
    [InlineData("bgra16", 4)]
    [InlineData("bayer_gbrg16", 1)]
    public void Convert_AutoScale_LooksAtWhatIsSeenAlone(string name, int channels)
    {
        const int Side = 5;
        foreach (int padding in (int[])[0, 3, 4])
        {
            int step = (Side * channels * 2) + padding;
            byte[] data = new byte[step * Side];
            Array.Fill(data, (byte)0xFF);
            for (int row = 0; row < Side; row++)
            {
                for (int i = 0; i < Side * channels; i++)
                {
                    // Opacity is full, as in every picture.
                    ushort sample = (ushort)(channels == 4 && i % 4 == 3 ? 65535 : 1000 + (row * Side) + (i / channels));
                    BitConverter.TryWriteBytes(data.AsSpan((row * step) + (i * 2)), sample);
                }
            }

            var scaler = new SampleScaler(SampleScale.Auto);
            RawEncoding.Require(name).Convert(data, Side, Side, step, isBigEndian: false, PixelFormat.Rgb8, new byte[Side * Side * 3], scaler);

            Assert.Equal((1000, 1024), scaler.Range);
        }
    }

    [Theory]
    [InlineData("16UC1")]
    [InlineData("32FC1")]
    [InlineData("")]
    public void Require_NoPicture_NamesWhatIsRead(string name) =>
        Assert.Contains("bayer_rggb8", Assert.Throws<MessageFormatException>(() => RawEncoding.Require(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("rgb8", 4, 4, 11, 44)]
    [InlineData("rgb8", 4, 4, 12, 47)]
    [InlineData("yuv422", 5, 4, 10, 40)]
    [InlineData("nv12", 4, 5, 4, 30)]
    [InlineData("nv12", 4, 4, 4, 16)]
    [InlineData("bayer_rggb8", 2, 2, 2, 4)]
    [InlineData("mono8", 0, 4, 4, 0)]
    [InlineData("mono8", 70000, 70000, 70000, 10)]
    public void Check_WrongSizes_AreRefused(string name, long width, long height, long step, long length) =>
        Assert.Throws<MessageFormatException>(() => RawEncoding.Require(name).Check(width, height, step, length));

    private static (MatType Type, int Rows, ColorConversionCodes? Code) AsOpenCv(string name) => name switch
    {
        "rgb8" => (MatType.CV_8UC3, Height, ColorConversionCodes.RGB2BGR),
        "bgr8" or "8UC3" => (MatType.CV_8UC3, Height, null),
        "rgba8" => (MatType.CV_8UC4, Height, ColorConversionCodes.RGBA2BGR),
        "bgra8" or "8UC4" => (MatType.CV_8UC4, Height, ColorConversionCodes.BGRA2BGR),
        "rgb16" => (MatType.CV_16UC3, Height, ColorConversionCodes.RGB2BGR),
        "bgr16" => (MatType.CV_16UC3, Height, null),
        "rgba16" => (MatType.CV_16UC4, Height, ColorConversionCodes.RGBA2BGR),
        "bgra16" => (MatType.CV_16UC4, Height, ColorConversionCodes.BGRA2BGR),
        "mono8" or "8UC1" => (MatType.CV_8UC1, Height, ColorConversionCodes.GRAY2BGR),
        "mono16" => (MatType.CV_16UC1, Height, ColorConversionCodes.GRAY2BGR),
        "yuv422" => (MatType.CV_8UC2, Height, ColorConversionCodes.YUV2BGR_UYVY),
        "yuv422_yuy2" => (MatType.CV_8UC2, Height, ColorConversionCodes.YUV2BGR_YUY2),
        "yvyu" => (MatType.CV_8UC2, Height, ColorConversionCodes.YUV2BGR_YVYU),
        "nv12" => (MatType.CV_8UC1, Height * 3 / 2, ColorConversionCodes.YUV2BGR_NV12),
        "nv21" => (MatType.CV_8UC1, Height * 3 / 2, ColorConversionCodes.YUV2BGR_NV21),
        "i420" => (MatType.CV_8UC1, Height * 3 / 2, ColorConversionCodes.YUV2BGR_IYUV),
        "yv12" => (MatType.CV_8UC1, Height * 3 / 2, ColorConversionCodes.YUV2BGR_YV12),

        // OpenCV names a mosaic by the second row, second and third column.
        "bayer_rggb8" => (MatType.CV_8UC1, Height, ColorConversionCodes.BayerBG2BGR),
        "bayer_grbg8" => (MatType.CV_8UC1, Height, ColorConversionCodes.BayerGB2BGR),
        "bayer_gbrg8" => (MatType.CV_8UC1, Height, ColorConversionCodes.BayerGR2BGR),
        "bayer_bggr8" => (MatType.CV_8UC1, Height, ColorConversionCodes.BayerRG2BGR),
        "bayer_rggb16" => (MatType.CV_16UC1, Height, ColorConversionCodes.BayerBG2BGR),
        "bayer_grbg16" => (MatType.CV_16UC1, Height, ColorConversionCodes.BayerGB2BGR),
        "bayer_gbrg16" => (MatType.CV_16UC1, Height, ColorConversionCodes.BayerGR2BGR),
        "bayer_bggr16" => (MatType.CV_16UC1, Height, ColorConversionCodes.BayerRG2BGR),
        _ => throw new InvalidOperationException($"{name} has no counterpart in OpenCV here: add it."),
    };

    /// <summary>The same picture as OpenCV keeps it: without padding, bytes in this machine's order.</summary>
    private static Mat Load(byte[] data, MatType type, int rows, int step, int rowBytes, bool swap, bool isPlanar)
    {
        byte[] packed = new byte[rowBytes * rows];
        for (int y = 0; y < rows; y++)
        {
            if (isPlanar && y >= Height)
            {
                // Planes of colour have half the bytes per row.
                for (int half = 0; half < 2; half++)
                {
                    int row = ((y - Height) * 2) + half;
                    data.AsSpan((Height * step) + (row * (step / 2)), rowBytes / 2).CopyTo(packed.AsSpan((Height * rowBytes) + (row * (rowBytes / 2))));
                }
            }
            else
            {
                data.AsSpan(y * step, rowBytes).CopyTo(packed.AsSpan(y * rowBytes));
            }
        }

        for (int i = 0; swap && i < packed.Length; i += 2)
        {
            (packed[i], packed[i + 1]) = (packed[i + 1], packed[i]);
        }

        var picture = new Mat(rows, Width, type);
        System.Runtime.InteropServices.Marshal.Copy(packed, 0, picture.Data, packed.Length);
        return picture;
    }

    private static Mat ToBgr(Mat picture, ColorConversionCodes? code, string name)
    {
        Mat bgr = code is { } conversion ? picture.CvtColor(conversion) : picture.Clone();
        if (bgr.Depth() != MatType.CV_16U)
        {
            return bgr;
        }

        Assert.EndsWith("16", name, StringComparison.Ordinal);
        var bytes = new Mat();
        bgr.ConvertTo(bytes, MatType.CV_8UC3, 255.0 / 65535);
        bgr.Dispose();
        return bytes;
    }
}
