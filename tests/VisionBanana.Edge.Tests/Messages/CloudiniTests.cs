using System.Buffers.Binary;
using System.Text;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;
using ZstdSharp;

namespace VisionBanana.Edge.Tests.Messages;

/// <summary>Quantised clouds in the form of Cloudini.</summary>
public sealed class CloudiniTests
{
    /// <summary>
    /// What cloudini_lib itself (wire version 3, step 0.001, confidence 1/256) writes for <see cref="Six"/>: chunk size and Zstandard frame. Its
    /// decoder also read clouds of the demo that we had packed: every coordinate within half a step (release 1.2.2, 24 November 2026).
    /// </summary>
    private const string ReferenceChunk =
        "5400000028B52FFD204B590200F701E807D10F30201000810207030101FFFFFF008102F9FF07000000000000008004018827"
            + "E53281F10400FF0000FF03FEFF0702030301FF0000FE020F8B27E632F2ED0401000000800101";

    private static readonly CloudPoint[] Six =
    [
        new() { X = 0.1234f, Y = -0.5f, Z = 1, Rgb = 0x102030, Confidence = 0.5f, Label = 3 },
        new() { X = 0.1241f, Y = -0.4999f, Z = 1.0004f, Rgb = 0xFFFFFF, Confidence = 1, Label = 65535 },
        new() { X = float.NaN, Y = float.NaN, Z = float.NaN, Label = 65535 },
        new() { X = -2.5f, Y = 3.25f, Z = 40, Rgb = 0x00FF00, Confidence = 0.998f },
        new() { X = -2.501f, Y = 3.251f, Z = 40.0012f, Rgb = 0x00FF01, Confidence = 0.25f, Label = 7 },
        new() { Z = 0.2f, Rgb = 1, Label = 7 },
    ];

    [Fact]
    public void Encode_KnownPoints_TheBytesOfTheReferenceImplementation()
    {
        byte[] data = Encode(Six, 3, 2, out WireMessage message);
        Assert.Equal(("point_cloud_interfaces/msg/CompressedPointCloud2", "points; cloudini", 3, 2, 0), (
            message.Schema, message.Encoding, message.Width, message.Height, message.Step));
        int end = Array.IndexOf(data, (byte)0) + 1;
        Assert.Equal(
            "CLOUDINI_V03\nversion: 3\nwidth: 3\nheight: 2\npoint_step: 24\nencoding_opt: LOSSY\ncompression_opt: ZSTD\nfields:\n" +
            "  - name: x\n    offset: 0\n    type: FLOAT32\n    resolution: 0.001\n" +
            "  - name: y\n    offset: 4\n    type: FLOAT32\n    resolution: 0.001\n" +
            "  - name: z\n    offset: 8\n    type: FLOAT32\n    resolution: 0.001\n" +
            "  - name: rgb\n    offset: 12\n    type: FLOAT32\n    resolution: null\n" +
            "  - name: confidence\n    offset: 16\n    type: FLOAT32\n    resolution: 0.00390625\n" +
            "  - name: label\n    offset: 20\n    type: UINT16\n    resolution: null\n\0",
            Encoding.ASCII.GetString(data[..end]));

        // Two versions of Zstandard may pack the same bytes differently.
        Assert.Equal(Convert.ToHexString(Chunk(Convert.FromHexString(ReferenceChunk))), Convert.ToHexString(Chunk(data.AsSpan(end))));
    }

    [Fact]
    public void Read_TheReferenceImplementation_PointsWithinHalfAStep()
    {
        byte[] ours = Encode(Six, 3, 2, out _);
        byte[] data = [.. ours[..(Array.IndexOf(ours, (byte)0) + 1)], .. Convert.FromHexString(ReferenceChunk)];
        var points = new CloudPoint[6];
        CloudiniReader.Read(data, points, 3, 2);
        RequireAlike(Six, points, 0.0005f);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.02)]
    public void RoundTrip_ManyChunks_EveryPointWithinHalfAStep(double precision)
    {
        const int Width = 300, Height = 250;
        var random = new Random(7);
        var points = new CloudPoint[Width * Height];
        foreach (ref CloudPoint point in points.AsSpan())
        {
            bool known = random.Next(4) > 0;
            point = new CloudPoint
            {
                X = known ? (random.NextSingle() * 10) - 5 : float.NaN,
                Y = known ? (random.NextSingle() * 10) - 5 : float.NaN,
                Z = known ? random.NextSingle() * 80 : float.NaN,
                Rgb = (uint)random.Next(1 << 24),
                Confidence = random.NextSingle(),
                Label = (ushort)random.Next(1 << 16),
            };
        }

        byte[] data = Encode(points, Width, Height, out WireMessage message, precision);
        Assert.Null(MessageValidator.WhyMalformed(message));
        var back = new CloudPoint[points.Length];
        CloudiniReader.Read(data, back, Width, Height);
        RequireAlike(points, back, (float)precision / 2);
    }

    [Fact]
    public void Read_CutOrMutated_MalformedOrDecodedButNeverAnythingElse()
    {
        byte[] whole = Encode(Six, 3, 2, out _);
        var points = new CloudPoint[6];
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<MessageFormatException>(() => CloudiniReader.Read(whole.AsSpan(0, length), points, 3, 2));
        }

        Assert.Throws<MessageFormatException>(() => CloudiniReader.Read([.. whole, 0], points, 3, 2));
        Assert.Throws<MessageFormatException>(() => CloudiniReader.Read(whole, points, 2, 3));
        int end = Array.IndexOf(whole, (byte)0) + 1;
        byte[] chunk = Chunk(whole.AsSpan(end));
        var random = new Random(3);
        int malformed = 0;
        using var compressor = new Compressor();
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] mutant = [.. chunk];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            byte[] frame = compressor.Wrap(mutant.AsSpan(0, random.Next(4) == 0 ? random.Next(mutant.Length) : mutant.Length)).ToArray(), length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, frame.Length);
            try
            {
                CloudiniReader.Read([.. whole[..end], .. length, .. frame], points, 3, 2);
            }
            catch (MessageFormatException)
            {
                malformed++;
            }
        }

        Assert.InRange(malformed, 200, 1999);
    }

    private static byte[] Chunk(ReadOnlySpan<byte> data)
    {
        Assert.Equal(data.Length - 4, BinaryPrimitives.ReadInt32LittleEndian(data));
        using var decompressor = new Decompressor();
        return decompressor.Unwrap(data[4..]).ToArray();
    }

    private static byte[] Encode(CloudPoint[] points, int width, int height, out WireMessage message, double? precision = null)
    {
        Assert.True(PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.FrameId = "camera_optical";
            points.AsSpan().CopyTo(frame.AddPoints());
            var options = new StreamOptions { Color = null, Cloud = new() { Format = CloudFormat.Cloudini, PrecisionM = precision } };
            Assert.True(new MessageEncoder(options, new MarkedImageEncoder()).TryEncode(frame, out EncodedFrame? encoded));
            using (encoded)
            {
                message = encoded.Messages.Single(m => m.Stream == Streams.Cloud);
                message.Payload = message.Payload.ToArray();
                CompressedPointCloud2 cloud = RosMessage.Decode<CompressedPointCloud2>(message.Payload);
                Assert.Equal(("cloudini", (uint)width, (uint)height, false), (cloud.Format, cloud.Width, cloud.Height, cloud.IsDense));
                return cloud.CompressedData.ToArray();
            }
        }
    }

    private static void RequireAlike(ReadOnlySpan<CloudPoint> expected, ReadOnlySpan<CloudPoint> found, float half)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            CloudPoint a = expected[i], b = found[i];
            Assert.Equal(float.IsNaN(a.Z), float.IsNaN(b.Z));
            if (!float.IsNaN(a.Z))
            {
                // Beside the half step, float32 has 24 bits.
                Assert.InRange(Math.Max(Math.Abs(a.X - b.X), Math.Max(Math.Abs(a.Y - b.Y), Math.Abs(a.Z - b.Z))), 0, half + (a.Z * 3e-7f));
            }

            Assert.Equal((a.Rgb, a.Label), (b.Rgb, b.Label));
            Assert.Equal(a.Confidence, b.Confidence, 1f / 511);
        }
    }
}
