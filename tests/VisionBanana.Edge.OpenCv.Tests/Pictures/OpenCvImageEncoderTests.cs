using System.Buffers;
using OpenCvSharp;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

public sealed class OpenCvImageEncoderTests : IDisposable
{
    private readonly OpenCvImageEncoder _encoder = new();
    private readonly ArrayBufferWriter<byte> _output = new();

    public void Dispose() => _encoder.Dispose();

    [Fact]
    public void EncodePng_Rgb_DecodesToTheSameColours()
    {
        byte[] rgb = Noise(37 * 21 * 3);

        int length = _encoder.EncodePng(rgb, 37, 21, _output);

        Assert.Equal(_output.WrittenCount, length);
        using Mat decoded = Cv2.ImDecode(_output.WrittenSpan, ImreadModes.Color);
        decoded.GetArray(out Vec3b[] bgr);
        Assert.Equal((37, 21), (decoded.Width, decoded.Height));
        Assert.Equal(rgb, bgr.SelectMany(p => new[] { p.Item2, p.Item1, p.Item0 }));
    }

    [Fact]
    public void EncodePng16_Samples_DecodeToTheSameValues()
    {
        ushort[] samples = [.. Enumerable.Range(0, 64 * 48).Select(i => (ushort)(i * 21))];

        _encoder.EncodePng16(samples, 64, 48, _output);

        using Mat decoded = Cv2.ImDecode(_output.WrittenSpan, ImreadModes.Unchanged);
        Assert.Equal(MatType.CV_16UC1, decoded.Type());
        decoded.GetArray(out ushort[] values);
        Assert.Equal(samples, values);
    }

    [Fact]
    public void EncodeJpeg_Quality_ChangesSizeAndKeepsColours()
    {
        byte[] rgb = new byte[64 * 64 * 3];
        for (int i = 0; i < rgb.Length; i += 3)
        {
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (200, 60, (byte)(i / 3 % 64));
        }

        int good = _encoder.EncodeJpeg(rgb, 64, 64, 95, _output);
        byte[] first = _output.WrittenSpan.ToArray();
        int bad = _encoder.EncodeJpeg(rgb, 64, 64, 20, _output);

        Assert.True(bad < good);
        Assert.Equal(good + bad, _output.WrittenCount);
        using Mat decoded = Cv2.ImDecode(first, ImreadModes.Color);
        Vec3b pixel = decoded.At<Vec3b>(32, 32);
        Assert.InRange(pixel.Item2, 190, 210);
        Assert.InRange(pixel.Item1, 50, 70);
        Assert.InRange(pixel.Item0, 20, 44);
    }

    [Fact]
    public void Encode_OtherSizesAndKindsInTurn_StayRight()
    {
        foreach ((int width, int height) in ((int, int)[])[(8, 8), (16, 4), (8, 8)])
        {
            _output.Clear();
            _encoder.EncodePng(Noise(width * height * 3), width, height, _output);
            using Mat colour = Cv2.ImDecode(_output.WrittenSpan, ImreadModes.Unchanged);
            Assert.Equal((width, height, MatType.CV_8UC3), (colour.Width, colour.Height, colour.Type()));
            _output.Clear();
            _encoder.EncodePng8(Noise(width * height), width, height, _output);
            using Mat grey = Cv2.ImDecode(_output.WrittenSpan, ImreadModes.Unchanged);
            Assert.Equal((width, height, MatType.CV_8UC1), (grey.Width, grey.Height, grey.Type()));
        }
    }

    [Fact]
    public void Encode_Repeatedly_AllocatesNothing()
    {
        byte[] rgb = Noise(192 * 144 * 3);
        ushort[] samples = new ushort[192 * 144];
        var output = new ArrayBufferWriter<byte>(1 << 22);
        for (int i = 0; i < 3; i++)
        {
            EncodeAll();
        }

        long allocated = Allocation.Of(() =>
        {
            output.ResetWrittenCount();
            for (int i = 0; i < 10; i++)
            {
                EncodeAll();
            }
        });

        Assert.Equal(0, allocated);

        void EncodeAll()
        {
            _encoder.EncodeJpeg(rgb, 192, 144, 90, output);
            _encoder.EncodePng(rgb, 192, 144, output);
            _encoder.EncodePng16(samples, 192, 144, output);
        }
    }

    [Fact]
    public void Encode_WrongLengthOrQuality_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => _encoder.EncodePng(new byte[11], 2, 2, _output));
        Assert.Throws<ArgumentException>(() => _encoder.EncodePng16(new ushort[5], 2, 2, _output));
        Assert.Throws<ArgumentOutOfRangeException>(() => _encoder.EncodeJpeg(new byte[12], 2, 2, 0, _output));
        Assert.Throws<ArgumentOutOfRangeException>(() => _encoder.EncodeJpeg(new byte[12], 2, 2, 101, _output));
    }

    private static byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        return bytes;
    }
}
