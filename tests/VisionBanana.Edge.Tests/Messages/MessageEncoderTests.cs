using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class MessageEncoderTests : IDisposable
{
    // An odd size, so that vectorised conversions have a rest.
    private const int Width = 37, Height = 5, Pixels = Width * Height;

    private static readonly LabelPalette Palette = new([new(0, "background", new(0, 0, 0)), new(3, "cup", new(255, 0, 0))]);

    private readonly LeasePool<PerceptionFrame> _frames = PerceptionFrame.CreatePool(2, Width, Height);
    private readonly PerceptionFrame _frame;

    public MessageEncoderTests()
    {
        Assert.True(_frames.TryRent(out PerceptionFrame? frame));
        _frame = frame;
        _frame.SequenceNumber = 42;
        _frame.CapturedAt = new CaptureTime(7, 1_700_000_000_123_456_789);
        _frame.FrameId = "camera_optical";
        _frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(Width, Height, 60);
        _frame.ColorBytes.Fill(9);
    }

    public void Dispose()
    {
        _frame.Dispose();
        Assert.Equal(0, _frames.Outstanding);
    }

    [Fact]
    public void TryEncode_EverythingPainted_OneMessagePerStreamWithItsDataInPlace()
    {
        PaintAll();
        var encoder = new MessageEncoder(new StreamOptions(), new MarkedImageEncoder());
        Assert.True(encoder.TryEncode(_frame, out EncodedFrame? encoded));
        using (encoded)
        {
            Assert.Equal(
                [
                    Streams.CameraInfo, Streams.LabelInfo, Streams.Color, Streams.ColorCameraInfo, Streams.Painting, Streams.Labels, Streams.Mask,
                    Streams.Instances, Streams.Depth, Streams.DepthCameraInfo, Streams.Normals, Streams.Cloud,
                ],
                encoded.Messages.Select(message => message.Stream));
            Assert.Equal((42, _frame.CapturedAt), (encoded.SequenceNumber, encoded.CapturedAt));
            Assert.Equal(encoded.Messages.Sum(message => message.Payload.Length), encoded.PayloadBytes);
            foreach (WireMessage message in encoded.Messages)
            {
                Assert.Equal((42, 1_700_000_000_123_456_789, "camera_optical"), (message.SequenceNumber, message.CapturedNs, message.FrameId));
                Assert.Equal(message.Payload.ToArray(), Samples.Recode(message.Schema, message.Payload.ToArray()));
                if (!message.IsState && message.Schema != CameraInfo.Schema)
                {
                    ReadOnlyMemory<byte> inPlace = message.Payload.Slice(message.DataOffset, message.DataLength);
                    Assert.True(inPlace.Span.SequenceEqual(DataOf(message).Span), message.Stream);
                    Assert.True(message.Step == 0 || message.DataLength == message.Width * message.Height * message.Step, message.Stream);
                }
            }
        }
    }

    [Fact]
    public void TryEncode_Depth16_MillimetresWithZeroForWhatIsNoMeasurement()
    {
        (float Metres, ushort Millimetres)[] cases =
        [
            (1f, 1000), (0.0004f, 0), (0.0006f, 1), (1.2345f, 1235), (65.535f, 65535), (65.536f, 0), (65.5349f, 65535), (1e30f, 0), (-1f, 0),
            (0f, 0), (float.NaN, 0), (float.PositiveInfinity, 0), (float.NegativeInfinity, 0),
        ];
        Percept depth = _frame.Add(Instruction.MetricDepth());
        for (int i = 0; i < Pixels; i++)
        {
            depth.Depth[i] = cases[i % cases.Length].Metres;
        }

        WireMessage message = Encode(new StreamOptions { Painting = null, Color = null }, Streams.Depth, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.Equal(("16UC1", 2), (message.Encoding, message.Step));
            ushort[] sent = MemoryMarshal.Cast<byte, ushort>(DataOf(message).Span).ToArray();
            Assert.Equal(Enumerable.Range(0, Pixels).Select(i => cases[i % cases.Length].Millimetres), sent);
        }
    }

    [Fact]
    public void TryEncode_Depth32_MetresBitForBit()
    {
        Percept depth = _frame.Add(Instruction.MetricDepth());
        depth.Depth.Fill(2.5f);
        depth.Depth[3] = float.NaN;
        depth.Depth[4] = float.PositiveInfinity;
        float[] expected = depth.Depth.ToArray();
        WireMessage message = Encode(
            new StreamOptions { Depth = new() { Encoding = DepthEncoding.Metres }, Painting = null }, Streams.Depth, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.Equal("32FC1", message.Encoding);
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(DataOf(message).Span).ToArray());
        }
    }

    [Theory]
    [InlineData(DepthEncoding.Rvl, "16UC1; compressedDepth rvl")]
    [InlineData(DepthEncoding.Zstd, "16UC1; compressedDepth zstd")]
    public void TryEncode_CompressedDepth_TheSameMillimetres(DepthEncoding encoding, string format)
    {
        Percept depth = _frame.Add(Instruction.MetricDepth());
        for (int i = 0; i < Pixels; i++)
        {
            depth.Depth[i] = i % 7 == 0 ? float.NaN : 1 + (i * 0.003f);
        }

        WireMessage message = Encode(new StreamOptions { Depth = new() { Encoding = encoding } }, Streams.Depth, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.Equal(
                ("sensor_msgs/msg/CompressedImage", format, 0, Width, Height), (message.Schema, message.Encoding, message.Step, message.Width, message.Height));
            Assert.Null(MessageValidator.WhyMalformed(message));
            var millimetres = new ushort[Pixels];

            // image_transport's configuration, columns, rows.
            Assert.Equal("000000000000000000000000" + "25000000" + "05000000", Convert.ToHexString(DataOf(message).Span[..20]));
            CompressedDepth.Read(DataOf(message).Span, format, millimetres, Width, Height);
            Assert.Equal(Enumerable.Range(0, Pixels).Select(i => i % 7 == 0 ? 0 : 1000 + (i * 3)), millimetres.Select(value => (int)value));

            // Damage anywhere behind the format is noticed or changes values, and never anything else.
            byte[] whole = message.Payload.ToArray();
            for (int at = message.DataOffset; at < whole.Length; at++)
            {
                byte[] mutant = [.. whole];
                mutant[at] ^= 0x10;
                message.Payload = mutant;
                MessageValidator.WhyMalformed(message);
            }

            message.Payload = whole;
            message.Width++;
            Assert.NotNull(MessageValidator.WhyMalformed(message));
            message.Width--;
        }
    }

    [Fact]
    public void TryEncode_CompressedPng_FileBehindTwelveBytes()
    {
        _frame.Add(Instruction.MetricDepth()).Depth.Fill(0.258f);
        WireMessage message = Encode(
            new StreamOptions { Depth = new() { Encoding = DepthEncoding.CompressedPng } }, Streams.Depth, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.Equal("16UC1; compressedDepth png", message.Encoding);
            Assert.Equal("000000000000000000000000" + "4410" + "02010201", Convert.ToHexString(DataOf(message).Span[..18]));
            Assert.Equal(14 + (2 * Pixels), message.DataLength);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TryEncode_CloudAsZstd_TheSamePoints(int stride)
    {
        PaintAll();
        WireMessage plain = Encode(new StreamOptions { Cloud = new() { Stride = stride } }, Streams.Cloud, out EncodedFrame a);
        WireMessage packed = Encode(new StreamOptions { Cloud = new() { Stride = stride, Format = CloudFormat.Zstd } }, Streams.Cloud, out EncodedFrame b);
        using (a)
        using (b)
        {
            PointCloud2 expected = RosMessage.Decode<PointCloud2>(plain.Payload);
            CompressedPointCloud2 found = RosMessage.Decode<CompressedPointCloud2>(packed.Payload);
            Assert.Equal(
                (expected.Width, expected.Height, expected.PointStep, expected.RowStep, expected.IsDense, "zstd"),
                (found.Width, found.Height, found.PointStep, found.RowStep, found.IsDense, found.Format));
            Assert.Equal(expected.Fields, found.Fields);
            byte[] points = Unpack(found.CompressedData.Span);
            Assert.Equal(expected.Data.ToArray(), points);
            Assert.Equal(("point_cloud_interfaces/msg/CompressedPointCloud2", "points; zstd", 0), (packed.Schema, packed.Encoding, packed.Step));
            Assert.Null(MessageValidator.WhyMalformed(packed));
            packed.Payload = RosMessage.Encode(found with { RowStep = found.RowStep, Height = found.Height + 1 });
            packed.Height++;
            Assert.Contains("Zstandard", MessageValidator.WhyMalformed(packed)!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(CloudFormat.Plain)]
    [InlineData(CloudFormat.Zstd)]
    public void TryEncode_Voxels_AListOfFinitePointsInsideTheirCubes(CloudFormat format)
    {
        PaintAll();
        _frame.Points[3] = new() { X = float.NaN, Y = float.NaN, Z = float.NaN };
        WireMessage message = Encode(
            new StreamOptions { Cloud = new() { VoxelM = 4, PrecisionM = 0.001, Format = format } }, Streams.Cloud, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.Null(MessageValidator.WhyMalformed(message));
            Assert.Equal(1, message.Height);
            Assert.InRange(message.Width, 2, Pixels - 1);
            byte[] data = new byte[message.Width * 24];
            if (format == CloudFormat.Zstd)
            {
                CompressedPointCloud2 packed = RosMessage.Decode<CompressedPointCloud2>(message.Payload);
                Assert.True(packed.IsDense);
                Unpack(packed.CompressedData.Span).CopyTo(data, 0);
            }
            else
            {
                PointCloud2 cloud = RosMessage.Decode<PointCloud2>(message.Payload);
                Assert.True(cloud.IsDense);
                cloud.Data.CopyTo(data);
            }

            foreach (CloudPoint point in MemoryMarshal.Cast<byte, CloudPoint>(data))
            {
                Assert.Equal(point.X * 1024, MathF.Round(point.X * 1024));
                Assert.Equal(point.Z * 1024, MathF.Round(point.Z * 1024));
            }
        }
    }

    [Fact]
    public void TryEncode_VoxelsOfAnEmptyCloud_AMessageWithoutPoints()
    {
        PaintAll();
        _frame.Points.Fill(new() { X = float.NaN, Y = float.NaN, Z = float.NaN });
        foreach (CloudFormat format in Enum.GetValues<CloudFormat>())
        {
            WireMessage message = Encode(new StreamOptions { Cloud = new() { VoxelM = 0.1, Format = format } }, Streams.Cloud, out EncodedFrame encoded);
            using (encoded)
            {
                Assert.Equal((0, 1), (message.Width, message.Height));
                Assert.Null(MessageValidator.WhyMalformed(message));
            }
        }
    }

    [Fact]
    public void TryEncode_Mount_TfStaticOfTheOpticalFrame()
    {
        CameraMount mount = CameraMount.OfBody("base_link", 0.1, 0.2, 0.3, UnitQuaternion.Identity);
        WireMessage message = Encode(new StreamOptions { Mount = mount }, Streams.TfStatic, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.True(message.IsState);
            Assert.Null(MessageValidator.WhyMalformed(message));
            TransformStamped pose = Assert.Single(RosMessage.Decode<TFMessage>(message.Payload).Transforms);
            Assert.Equal(("base_link", "camera_optical", 1_700_000_000_123_456_789), (pose.Header.FrameId, pose.ChildFrameId, pose.Header.Stamp.Nanoseconds));
            Assert.Equal(new Transform(new Vector3(0.1, 0.2, 0.3), new Quaternion(-0.5, 0.5, -0.5, 0.5)), pose.Transform);

            TFMessage good = RosMessage.Decode<TFMessage>(message.Payload);
            (TransformStamped Pose, string Says)[] cases =
            [
                (pose with { ChildFrameId = "base_link" }, "'base_link'"),
                (pose with { Transform = pose.Transform with { Rotation = new(0, 0, 0, 0.9) } }, "0.9"),
                (pose with { Transform = pose.Transform with { Translation = new(double.NaN, 0, 0) } }, "finite"),
                (pose with { Header = pose.Header with { FrameId = "map" } }, "'map'"),
            ];
            foreach ((TransformStamped wrong, string says) in cases)
            {
                message.Payload = RosMessage.Encode(good with { Transforms = [wrong] });
                Assert.Contains(says, MessageValidator.WhyMalformed(message)!, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void TryEncode_Labels_UnknownIs255InBytes()
    {
        Percept labels = _frame.Add(Instruction.Semantic(Palette));
        ushort[] cases = [0, 3, 254, 255, 256, LabelPlane.Unknown, 32768];
        for (int i = 0; i < Pixels; i++)
        {
            labels.Labels[i] = cases[i % cases.Length];
        }

        WireMessage message = Encode(new StreamOptions(), Streams.Labels, out EncodedFrame encoded);
        using (encoded)
        {
            byte[] expected = [0, 3, 254, 255, 255, 255, 255];
            Assert.Equal("mono8", message.Encoding);
            Assert.Equal(Enumerable.Range(0, Pixels).Select(i => expected[i % expected.Length]), DataOf(message).ToArray());
        }
    }

    [Fact]
    public void TryEncode_PaletteWithLargeIds_LabelsIn16Bits()
    {
        var palette = new LabelPalette([new(1000, "cup", new(255, 0, 0))]);
        _frame.Add(Instruction.Semantic(palette)).Labels.Fill(1000);
        WireMessage message = Encode(new StreamOptions(), Streams.Labels, out EncodedFrame encoded);
        using (encoded)
        {
            Assert.Equal(("16UC1", 2), (message.Encoding, message.Step));
            Assert.Equal(1000, BinaryPrimitives.ReadUInt16LittleEndian(DataOf(message).Span));
        }
    }

    [Fact]
    public void TryEncode_DepthAndColour_EachWithItsCameraInfoOfTheSameStamp()
    {
        PaintAll();
        var encoder = new MessageEncoder(new StreamOptions { Depth = new() { RateHz = 0.5 } }, new MarkedImageEncoder());
        int withDepth = 0;
        for (int i = 0; i < 4; i++)
        {
            _frame.CapturedAt = new CaptureTime(7, 1_700_000_000_123_456_789 + (i * 500_000_000L));
            Assert.True(encoder.TryEncode(_frame, out EncodedFrame? encoded));
            using (encoded)
            {
                withDepth += encoded.Messages.Count(m => m.Stream == Streams.Depth);
                foreach (string picture in (string[])[Streams.Color, Streams.Depth])
                {
                    WireMessage? image = encoded.Messages.SingleOrDefault(m => m.Stream == picture);
                    WireMessage? beside = encoded.Messages.SingleOrDefault(m => m.Stream == $"{picture}/camera_info");
                    Assert.Equal(image is null, beside is null);
                    if (beside is not null)
                    {
                        CameraInfo info = RosMessage.Decode<CameraInfo>(beside.Payload);
                        Assert.Equal((image!.CapturedNs, image.FrameId, false), (info.Header.Stamp.Nanoseconds, info.Header.FrameId, beside.IsState));
                        Assert.Equal(((uint)Width, (uint)Height, _frame.Intrinsics!.Fx), (info.Width, info.Height, info.K[0]));
                        Assert.Null(MessageValidator.WhyMalformed(beside));
                    }
                }
            }
        }

        Assert.InRange(withDepth, 1, 3);
        _frame.Intrinsics = null;
        Assert.True(encoder.TryEncode(_frame, out EncodedFrame? uncalibrated));
        using (uncalibrated)
        {
            Assert.DoesNotContain(uncalibrated.Messages, m => m.Schema == CameraInfo.Schema);
        }
    }

    [Fact]
    public void TryEncode_CloudNotOrganised_ADenseListOfThePointsWithAPosition()
    {
        Span<CloudPoint> points = _frame.AddPoints();
        points.Clear();
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new CloudPoint { X = i, Y = 0, Z = i % 3 == 0 ? float.NaN : 1 };
        }

        foreach (CloudStreamOptions own in (CloudStreamOptions[])[new() { Organised = false }, new() { Organised = false, PrecisionM = 0.25 }])
        {
            WireMessage message = Encode(new StreamOptions { Cloud = own }, Streams.Cloud, out EncodedFrame encoded);
            using (encoded)
            {
                PointCloud2 cloud = RosMessage.Decode<PointCloud2>(message.Payload);
                int expected = Enumerable.Range(0, Pixels).Count(i => i % 3 != 0);
                Assert.Equal((1u, (uint)expected, true), (cloud.Height, cloud.Width, cloud.IsDense));
                Assert.Null(MessageValidator.WhyMalformed(message));
                ReadOnlySpan<CloudPoint> kept = MemoryMarshal.Cast<byte, CloudPoint>(cloud.Data.Span);
                Assert.All(kept.ToArray(), (point, i) => Assert.Equal((float)(i + (i / 2) + 1), point.X));
            }
        }
    }

    [Fact]
    public void TryEncode_State_SameObjectUntilItChanges()
    {
        var encoder = new MessageEncoder(new StreamOptions(), new MarkedImageEncoder());
        _frame.Add(Instruction.Semantic(Palette)).Labels.Clear();
        WireMessage[] first = State();
        _frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(Width, Height, 60);
        WireMessage[] equal = State();
        _frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(Width, Height, 61);
        WireMessage[] changed = State();

        Assert.Equal([Streams.CameraInfo, Streams.LabelInfo], first.Select(message => message.Stream));
        Assert.All(first, message => Assert.True(message.IsState));
        Assert.Same(first[0], equal[0]);
        Assert.Same(first[1], equal[1]);
        Assert.NotSame(first[0], changed[0]);
        Assert.Same(first[1], changed[1]);
        Assert.Equal(
            _frame.Intrinsics.Fx, RosMessage.Decode<CameraInfo>(changed[0].Payload).K[0]);
        Assert.Equal(
            [new VisionClass(0, "background"), new VisionClass(3, "cup")], RosMessage.Decode<LabelInfo>(first[1].Payload).ClassMap);

        WireMessage[] State()
        {
            Assert.True(encoder.TryEncode(_frame, out EncodedFrame? encoded));
            using (encoded)
            {
                return [.. encoded.Messages.Where(message => message.IsState)];
            }
        }
    }

    [Fact]
    public void TryEncode_NotCalibrated_NoCameraInfo()
    {
        _frame.Intrinsics = null;
        Assert.True(new MessageEncoder(new StreamOptions(), new MarkedImageEncoder()).TryEncode(_frame, out EncodedFrame? encoded));
        using (encoded)
        {
            Assert.Equal([Streams.Color], encoded.Messages.Select(message => message.Stream));
        }
    }

    [Fact]
    public void TryEncode_StreamsSwitchedOff_NothingButState()
    {
        PaintAll();
        var options = new StreamOptions
        {
            Color = null,
            Depth = null,
            Cloud = null,
            Painting = null,
            Labels = null,
            Normals = null,
            Instances = null,
            Mask = null,
        };
        Assert.True(new MessageEncoder(options, new MarkedImageEncoder()).TryEncode(_frame, out EncodedFrame? encoded));
        using (encoded)
        {
            Assert.Equal([Streams.CameraInfo], encoded.Messages.Select(message => message.Stream));
        }
    }

    [Fact]
    public void TryEncode_PainterGaveValues_NoPaintingToPublish()
    {
        Percept depth = _frame.Add(Instruction.MetricDepth());
        depth.Depth.Fill(1);
        depth.PainterGaveValues = true;
        Assert.True(new MessageEncoder(new StreamOptions(), new MarkedImageEncoder()).TryEncode(_frame, out EncodedFrame? encoded));
        using (encoded)
        {
            Assert.DoesNotContain(encoded.Messages, message => message.Stream == Streams.Painting);
        }
    }

    [Fact]
    public void TryEncode_AllHeld_FalseUntilOneComesBack()
    {
        var encoder = new MessageEncoder(new StreamOptions { PoolCapacity = 1 }, new MarkedImageEncoder());
        Assert.True(encoder.TryEncode(_frame, out EncodedFrame? first));
        Assert.False(encoder.TryEncode(_frame, out EncodedFrame? second));
        Assert.Null(second);
        first.Dispose();
        Assert.True(encoder.TryEncode(_frame, out EncodedFrame? third));
        third.Dispose();
        Assert.Equal(0, encoder.Outstanding);
    }

    public static TheoryData<StreamOptions> Economies =>
    [
        new StreamOptions { Cloud = new() { Stride = 2 }, Mount = new CameraMount("base_link", 0, 0, 1, UnitQuaternion.Identity) },
        new StreamOptions { Depth = new() { Encoding = DepthEncoding.CompressedPng }, Cloud = new() { Stride = 2, VoxelM = 2 } },
        new StreamOptions { Depth = new() { Encoding = DepthEncoding.Rvl }, Cloud = new() { PrecisionM = 0.001, Format = CloudFormat.Zstd } },
        new StreamOptions
        {
            Depth = new() { Encoding = DepthEncoding.Zstd, RateHz = 7 },
            Cloud = new() { VoxelM = 2, PrecisionM = 0.01, Format = CloudFormat.Zstd },
        },
        new StreamOptions { Cloud = new() { Format = CloudFormat.Cloudini } },
    ];

    [Theory]
    [MemberData(nameof(Economies))]
    public void TryEncode_OnceWarm_AllocatesNothing(StreamOptions options)
    {
        PaintAll();
        var encoder = new MessageEncoder(options, new MarkedImageEncoder());
        EncodeOnce();
        EncodeOnce();
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                EncodeOnce();
            }
        });

        Assert.Equal(0, allocated);

        void EncodeOnce()
        {
            _frame.SequenceNumber++;
            _frame.CapturedAt = _frame.CapturedAt with { UtcNs = _frame.CapturedAt.UtcNs + 33_000_000 };
            Assert.True(encoder.TryEncode(_frame, out EncodedFrame? encoded));
            encoded.Dispose();
        }
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(101, 1, 1)]
    [InlineData(90, 0, 1)]
    [InlineData(90, 1, 0)]
    [InlineData(90, 1, 1, 0.0)]
    [InlineData(90, 1, 1, 30.0, 0.0)]
    [InlineData(90, 1, 1, 30.0, 0.1, 2.0)]
    public void Construct_OptionOutOfRange_Refused(int quality, int stride, int capacity, double rateHz = 30, double voxelM = 0.1, double precisionM = 0.1)
    {
        var options = new StreamOptions
        {
            Color = new() { JpegQuality = quality },
            Cloud = new() { Stride = stride, VoxelM = voxelM, PrecisionM = precisionM },
            Labels = new() { RateHz = rateHz },
            PoolCapacity = capacity,
        };
        Assert.Throws<ConfigurationException>(() => new MessageEncoder(options, new MarkedImageEncoder()));
    }

    private static byte[] Unpack(ReadOnlySpan<byte> frame)
    {
        using var decompressor = new ZstdSharp.Decompressor();
        return decompressor.Unwrap(frame).ToArray();
    }

    private static ReadOnlyMemory<byte> DataOf(WireMessage message) => message.Schema switch
    {
        "sensor_msgs/msg/Image" => RosMessage.Decode<Image>(message.Payload).Data,
        "sensor_msgs/msg/CompressedImage" => RosMessage.Decode<CompressedImage>(message.Payload).Data,
        _ => RosMessage.Decode<PointCloud2>(message.Payload).Data,
    };

    private WireMessage Encode(StreamOptions options, string stream, out EncodedFrame encoded)
    {
        Assert.True(new MessageEncoder(options, new MarkedImageEncoder()).TryEncode(_frame, out EncodedFrame? rented));
        encoded = rented;
        return rented.Messages.Single(message => message.Stream == stream);
    }

    private void PaintAll()
    {
        Percept depth = _frame.Add(Instruction.MetricDepth());
        depth.Depth.Fill(1.5f);
        depth.PaintingBytes.Fill(77);
        _frame.Add(Instruction.Semantic(Palette)).Labels.Fill(3);
        _frame.Add(Instruction.SurfaceNormals()).Normals.Fill(-1);
        _frame.Add(Instruction.Instances("cup", new Rgb24(1, 2, 3))).Labels.Fill(2);
        _frame.Add(Instruction.Refer("the cup", new Rgb24(255, 255, 255))).Labels.Fill(1);
        Samples.Points(Width, Height).AsSpan().CopyTo(_frame.AddPoints());
    }
}
