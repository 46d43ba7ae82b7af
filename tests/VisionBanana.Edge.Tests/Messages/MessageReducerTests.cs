using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class MessageReducerTests
{
    [Fact]
    public void Reduce_ACloud_KeepsEveryNthPointAndStaysWellFormed()
    {
        using EncodedFrame frame = new SampleFrames(64, 48).Encode(3);
        WireMessage cloud = Of(frame, Streams.Cloud);

        WireMessage reduced = new MessageReducer().Reduce(cloud, cloud.Payload.Length / 5, out int stride)!;

        // A quarter does not fit a fifth, a ninth does.
        Assert.Equal((3, 22, 16), (stride, reduced.Width, reduced.Height));
        Assert.Null(MessageValidator.WhyMalformed(reduced));
        PointCloud2 message = RosMessage.Decode<PointCloud2>(reduced.Payload);
        Assert.Equal((16u, 22u, (uint)(22 * CloudPoint.ByteSize)), (message.Height, message.Width, message.RowStep));
        ReadOnlySpan<CloudPoint> whole = MemoryMarshal.Cast<byte, CloudPoint>(cloud.Payload.Span.Slice(cloud.DataOffset, cloud.DataLength));
        ReadOnlySpan<CloudPoint> part = MemoryMarshal.Cast<byte, CloudPoint>(reduced.Payload.Span.Slice(reduced.DataOffset, reduced.DataLength));
        for (int i = 0; i < part.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, 22);
            Assert.Equal(whole[(row * 3 * 64) + (column * 3)], part[i]);
        }
    }

    [Fact]
    public void ReduceCameraInfo_OfAReducedPicture_SeesTheSamePointsInItsPixels()
    {
        using EncodedFrame frame = new SampleFrames(64, 48).Encode(3);
        WireMessage beside = Of(frame, Streams.DepthCameraInfo);
        CameraInfo before = RosMessage.Decode<CameraInfo>(beside.Payload);

        WireMessage reduced = new MessageReducer().ReduceCameraInfo(beside, 3)!;

        CameraInfo after = RosMessage.Decode<CameraInfo>(reduced.Payload);
        Assert.Equal((22u, 16u, before.Header), (after.Width, after.Height, after.Header));
        Assert.Equal([before.K[0] / 3, 0, before.K[2] / 3, 0, before.K[4] / 3, before.K[5] / 3, 0, 0, 1], after.K);
        Assert.Equal((before.P[0] / 3, before.P[6] / 3, 1), (after.P[0], after.P[6], after.P[10]));
        Assert.Null(MessageValidator.WhyMalformed(reduced));
        Assert.Null(new MessageReducer().ReduceCameraInfo(Of(frame, Streams.Depth), 3));
    }

    [Property]
    public Property Reduce_AnySizeAndLimit_TheSmallestStrideThatFitsOrNothing() =>
        Prop.ForAll(
            Gen.Choose(1, 40).Zip(Gen.Choose(1, 40)).Zip(Gen.Choose(0, 4000)).ToArbitrary(),
            drawn =>
            {
                ((int width, int height), int limit) = drawn;
                using EncodedFrame frame = new SampleFrames(width, height).Encode(1);
                var reducer = new MessageReducer();
                foreach (WireMessage message in frame.Messages.Where(m => m.DataLength > 0))
                {
                    int envelope = message.Payload.Length - message.DataLength;
                    int expected = Enumerable.Range(2, MessageReducer.MaxStride - 1).FirstOrDefault(
                        s => envelope + (((width + s - 1) / s) * ((height + s - 1) / s) * message.Step) <= limit);
                    WireMessage? reduced = reducer.Reduce(message, limit, out int stride);
                    Assert.Equal(width * height < 2 ? 0 : expected, stride);
                    if (reduced is not null)
                    {
                        Assert.True(reduced.Payload.Length <= limit);
                        Assert.Null(MessageValidator.WhyMalformed(reduced));
                    }
                }
            });

    [Fact]
    public void Reduce_StateCompressedOrContradictory_Nothing()
    {
        using EncodedFrame frame = new SampleFrames(64, 48).Encode(3);
        var reducer = new MessageReducer();
        Assert.Null(reducer.Reduce(Of(frame, Streams.CameraInfo), 10, out int stride));
        Assert.Equal(0, stride);
        var color = new WireMessage
        {
            Stream = Streams.Color,
            Schema = CompressedImage.Schema,
            Width = 64,
            Height = 48,
            Payload = new byte[9000],
            DataLength = 8000,
        };
        Assert.Null(reducer.Reduce(color, 5000, out _));
        WireMessage depth = Of(frame, Streams.Depth);
        depth.Height = 40;
        Assert.Null(reducer.Reduce(depth, 3000, out _));
        depth.Height = 48;
        depth.Payload = depth.Payload[..^1];
        Assert.Null(reducer.Reduce(depth, 3000, out stride));
        Assert.Equal(0, stride);
    }

    private static WireMessage Of(EncodedFrame frame, string stream) => frame.Messages.Single(m => m.Stream == stream);
}
