using System.Buffers.Binary;
using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Tests.Messages.Ros;

public sealed class RosMessageTests
{
    public static TheoryData<string> Schemas => [.. Samples.Encoded.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Image_Encoded_GoldenBytes() => Assert.Equal(
        "00010000" +
        "00F15365" + "15CD5B07" + "0F000000" + "63616D6572615F6F70746963616C00" + "00" + // stamp, frame_id, padding
        "02000000" + "03000000" + "06000000" + "313655433100" + "00" + "00" +            // height, width, encoding, is_bigendian, padding
        "06000000" + "0C000000" + "0102030405060708090A0B0C",
        Convert.ToHexString(Samples.Encoded[Image.Schema]));

    [Fact]
    public void CompressedImage_Encoded_GoldenBytes() => Assert.Equal(
        "00010000" + "00F15365" + "15CD5B07" + "02000000" + "6300" + "0000" + "04000000" + "706E6700" + "05000000" + "89504E4701",
        Convert.ToHexString(Samples.Encoded[CompressedImage.Schema]));

    [Fact]
    public void LabelInfo_Encoded_GoldenBytes() => Assert.Equal(
        "00010000" + "00F15365" + "15CD5B07" + "0F000000" + "63616D6572615F6F70746963616C00" + "00" + "03000000" +
        "0000" + "0000" + "0B000000" + "6261636B67726F756E6400" + "00" +
        "0700" + "0000" + "06000000" + "4CC3B6776500" +
        "FF00" + "01000000" + "00" + "000000" +
        "0000803E",
        Convert.ToHexString(RosMessage.Encode(Samples.LabelInfo with { ClassMap = Samples.LabelInfo.ClassMap.SetItem(1, new VisionClass(7, "Löwe")) })));

    [Fact]
    public void CameraInfo_Encoded_MatricesAlignedToEight()
    {
        byte[] bytes = Samples.Encoded[CameraInfo.Schema];

        // 4 header, 8 stamp, 4 + 15 + 1 frame id, 8 size, 4 + 10 + 2 plumb_bob, 4 count, then doubles from a multiple of 8 behind the header.
        Assert.Equal(5, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(56)));
        Assert.Equal(0.1, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(60)));
        Assert.Equal(500.5, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(100)));
        Assert.Equal(60 + (35 * 8) + (4 * 6) + 1, bytes.Length);
    }

    [Fact]
    public void CameraInfo_FromIntrinsics_DescribesThePinhole()
    {
        CameraInfo info = CameraInfo.From(new CameraIntrinsics(320, 240, 200, 210, 159.5, 119.5), Samples.Header);
        Assert.Equal([200, 0, 159.5, 0, 210, 119.5, 0, 0, 1], info.K);
        Assert.Equal([200, 0, 159.5, 0, 0, 210, 119.5, 0, 0, 0, 1, 0], info.P);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], info.R);
        Assert.Equal([0, 0, 0, 0, 0], info.D);
        Assert.Equal("plumb_bob", info.DistortionModel);
    }

    [Theory]
    [InlineData(1, 5, 3)]
    [InlineData(2, 3, 2)]
    [InlineData(3, 2, 1)]
    [InlineData(7, 1, 1)]
    public void PointCloud2_Stride_KeepsEveryKthRowAndColumn(int stride, int columns, int rows)
    {
        CloudPoint[] points = Samples.Points(5, 3);
        var writer = new CdrWriter();
        int offset = PointCloud2.Write(writer, Samples.Header, points, 5, 3, stride);
        PointCloud2 cloud = RosMessage.Decode<PointCloud2>(writer.Written);

        Assert.Equal(((uint)columns, (uint)rows), (cloud.Width, cloud.Height));
        Assert.Equal(24u, cloud.PointStep);
        Assert.Equal((uint)columns * 24, cloud.RowStep);
        Assert.False(cloud.IsDense);
        Assert.Equal(columns * rows * 24, cloud.Data.Length);
        Assert.True(writer.Written.Slice(offset, cloud.Data.Length).Span.SequenceEqual(cloud.Data.Span));
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                ReadOnlySpan<byte> point = cloud.Data.Span.Slice(((row * columns) + column) * 24, 24);
                Assert.Equal(column * stride, BinaryPrimitives.ReadSingleLittleEndian(point));
                Assert.Equal(row * stride, BinaryPrimitives.ReadSingleLittleEndian(point[4..]));
                Assert.Equal((row * stride * 5) + (column * stride) + 1, BinaryPrimitives.ReadUInt16LittleEndian(point[20..]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Decode_ThenEncode_SameBytes(string schema) => Assert.Equal(Samples.Encoded[schema], Samples.Recode(schema, Samples.Encoded[schema]));

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Decode_CutAnywhere_Malformed(string schema)
    {
        byte[] whole = Samples.Encoded[schema];
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            Assert.Throws<MessageFormatException>(() => Samples.Recode(schema, cut));
        }
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Decode_RandomMutations_MalformedOrDecodedButNeverAnythingElse(string schema)
    {
        byte[] whole = Samples.Encoded[schema];
        var random = new Random(whole.Length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int malformed = 0;
        const int Trials = 3000;
        for (int trial = 0; trial < Trials; trial++)
        {
            byte[] mutant = [.. whole];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int at = random.Next(mutant.Length);
                mutant[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(mutant[at] ^ (1 << random.Next(8))), _ => 0xFF };
            }

            try
            {
                Samples.Recode(schema, random.Next(4) == 0 ? mutant[..random.Next(mutant.Length)] : mutant);
            }
            catch (MessageFormatException)
            {
                malformed++;
            }
        }

        Assert.True(malformed > Trials / 10, $"only {malformed} of {Trials} mutants were refused: does the test still mutate?");

        // 20 kB and 40 × the payload per decode, encode and error message: a believed length of 2^31 would be far beyond.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Trials * (20_000L + (40L * whole.Length)));
    }

    [Property]
    public void Time_AnyNanoseconds_RoundTrip(int seconds, uint nanoseconds)
    {
        long total = (seconds * 1_000_000_000L) + (nanoseconds % 1_000_000_000);
        Time time = Time.FromNanoseconds(total);
        Assert.Equal(total, time.Nanoseconds);
        Assert.Equal(time, RosMessage.Decode<Time>(RosMessage.Encode(time)));
    }

    [Property]
    public void Image_AnyFields_RoundTrip(NonNull<string> frame, NonNull<string> encoding, uint width, uint height, bool bigEndian, uint step, byte[] data)
    {
        var image = new Image(new Header(new Time(1, 2), Text(frame)), height, width, Text(encoding), bigEndian, step, data);
        Image back = RosMessage.Decode<Image>(RosMessage.Encode(image));
        Assert.Equal(image with { Data = default }, back with { Data = default });
        Assert.Equal(data, back.Data.ToArray());
    }

    [Property]
    public void Diagnostics_AnyEntries_RoundTrip(Tuple<NonNull<string>, NonNull<string>>[] entries)
    {
        DiagnosticStatus status = DiagnosticsMessage.Status(
            "s", DiagnosticLevel.Error, "", "id", [.. entries.Select(e => (Text(e.Item1), Text(e.Item2)))]);
        DiagnosticArray back = RosMessage.Decode<DiagnosticArray>(DiagnosticsMessage.Create(5, status, status).Payload);
        Assert.Equal(2, back.Status.Length);
        Assert.Equal(status.Values, back.Status[1].Values);
        Assert.Equal(5, back.Header.Stamp.Nanoseconds);
    }

    /// <summary>What a ROS string can hold: no NUL; lone surrogates have no UTF-8.</summary>
    private static string Text(NonNull<string> text) =>
        new([.. text.Get.Where(c => c != '\0' && !char.IsSurrogate(c))]);
}
