using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OpenCvSharp;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

/// <summary>Files of every kind of content and shape, read by two other readers: OpenCV (libpng), and the specification in Python with its zlib.</summary>
public sealed class PngWriterTests : IDisposable
{
    // What a reader does by the PNG specification: CRC of every chunk, zlib with its check sum, the five filters.
    private const string Reader = """
        import sys, zlib, struct
        def read(file):
            assert file[:8] == b"\x89PNG\r\n\x1a\n"
            at, data, names = 8, b"", []
            while at < len(file):
                length, name = struct.unpack(">I4s", file[at:at + 8])
                body = file[at + 8:at + 8 + length]
                assert zlib.crc32(name + body) == struct.unpack(">I", file[at + 8 + length:at + 12 + length])[0], name
                at += 12 + length
                names.append(name)
                if name == b"IHDR": width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", body)
                if name == b"IDAT": data += body
            assert names[0] == b"IHDR" and names[-1] == b"IEND" and set(names[1:-1]) == {b"IDAT"} and rest == [0, 0, 0], names
            size = {0: 1, 2: 3}[colour] * depth // 8
            inflate = zlib.decompressobj()
            rows = inflate.decompress(data) + inflate.flush()
            assert inflate.eof and not inflate.unused_data
            stride = width * size
            assert len(rows) == height * (stride + 1)
            above, pixels = bytearray(stride), bytearray()
            for y in range(height):
                kind, row = rows[y * (stride + 1)], bytearray(rows[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
                for i in range(stride):
                    left = row[i - size] if i >= size else 0
                    row[i] = (row[i] + (left, above[i], (left + above[i]) // 2)[kind - 1]) & 255
                pixels += row
                above = row
            return pixels
        for number in range(int(sys.argv[2])):
            found = read(open(f"{sys.argv[1]}/{number}.png", "rb").read())
            assert found == open(f"{sys.argv[1]}/{number}.raw", "rb").read(), number
        print("same")
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vbedge-png-");
    private readonly PngWriter _writer = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Write_EveryContentAndShape_TheSamePixelsInOpenCvAndInPython()
    {
        int count = 0;
        foreach ((int width, int height) in ((int, int)[])[(1, 1), (1, 300), (300, 1), (2, 3), (33, 7), (192, 144), (401, 250)])
        {
            foreach (int pixelBytes in (int[])[1, 2, 3])
            {
                foreach (byte[] pixels in Contents(width, height, pixelBytes))
                {
                    byte[] file = Write(pixels, width, height, pixelBytes);
                    Assert.Equal(pixels, ByOpenCv(file, width, height, pixelBytes));
                    await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, $"{count}.png"), file);
                    await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, $"{count++}.raw"), pixels);
                }
            }
        }

        using ExternalProcess process = await Consumers.RunAsync(Reader, [], _folder.FullName, $"{count}");
        Assert.True(await process.WaitAsync(TimeSpan.FromSeconds(60)) == 0, process.Errors);
        Assert.Equal("same", Assert.Single(process.Output));
    }

    [Fact]
    public void Write_MoreThanABlock_SeveralDataChunks()
    {
        byte[] pixels = new byte[3 * 640 * 480];
        new Random(3).NextBytes(pixels);

        byte[] file = Write(pixels, 640, 480, 3);

        Assert.Equal(pixels, ByOpenCv(file, 640, 480, 3));
        int chunks = 0;
        for (int at = file.AsSpan().IndexOf("IDAT"u8); at >= 0; chunks++)
        {
            int next = file.AsSpan(at + 4).IndexOf("IDAT"u8);
            at = next < 0 ? next : at + 4 + next;
        }

        Assert.InRange(chunks, 7, 9);
    }

    [Fact]
    public void Write_AFlatPicture_TakesFewBytes() => Assert.InRange(Write(new byte[640 * 480], 640, 480, 1).Length, 60, 2000);

    [Fact]
    public void Write_Noise_HardlyGrows()
    {
        byte[] pixels = new byte[192 * 144 * 3];
        new Random(4).NextBytes(pixels);

        Assert.InRange(Write(pixels, 192, 144, 3).Length, pixels.Length, pixels.Length * 1.02);
    }

    private static IEnumerable<byte[]> Contents(int width, int height, int pixelBytes)
    {
        var random = new Random(7);
        byte[] flat = new byte[width * height * pixelBytes];
        flat.AsSpan().Fill(200);
        yield return flat;

        byte[] noise = new byte[flat.Length];
        random.NextBytes(noise);
        yield return noise;

        int stride = width * pixelBytes;
        yield return [.. Enumerable.Range(0, flat.Length).Select(i => (byte)((i % stride) + (2 * (i / stride)) + random.Next(3)))];

        // Runs of every length up to beyond the longest that deflate knows.
        var runs = new List<byte>();
        for (int length = 1; runs.Count < flat.Length; length = (length % 600) + 1)
        {
            runs.AddRange(Enumerable.Repeat((byte)random.Next(256), length));
        }

        yield return [.. runs.Take(flat.Length)];

        // Each value half as often as the one before: long codes.
        yield return [.. Enumerable.Range(0, flat.Length).Select(_ => (byte)(17 * int.TrailingZeroCount(random.Next() | (1 << 20))))];
    }

    private static byte[] ByOpenCv(byte[] file, int width, int height, int pixelBytes)
    {
        using Mat decoded = Cv2.ImDecode(file, ImreadModes.Unchanged);
        Assert.Equal((width, height), (decoded.Width, decoded.Height));
        switch (pixelBytes)
        {
            case 3:
                Assert.Equal(MatType.CV_8UC3, decoded.Type());
                using (Mat rgb = decoded.CvtColor(ColorConversionCodes.BGR2RGB))
                {
                    rgb.GetArray(out Vec3b[] pixels);
                    return MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray();
                }

            case 2:
                Assert.Equal(MatType.CV_16UC1, decoded.Type());
                decoded.GetArray(out ushort[] samples);
                BinaryPrimitives.ReverseEndianness(samples, samples);
                return MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
            default:
                Assert.Equal(MatType.CV_8UC1, decoded.Type());
                decoded.GetArray(out byte[] bytes);
                return bytes;
        }
    }

    private byte[] Write(byte[] pixels, int width, int height, int pixelBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        int length = _writer.Write(pixels, width, height, pixelBytes, output);
        Assert.Equal(output.WrittenCount, length);
        return output.WrittenSpan.ToArray();
    }
}
