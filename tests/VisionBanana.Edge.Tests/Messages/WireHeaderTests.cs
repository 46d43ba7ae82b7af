using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class WireHeaderTests
{
    private static readonly WireMessage Cloud = new()
    {
        Stream = Streams.Cloud,
        Schema = PointCloud2.Schema,
        Encoding = "points",
        SequenceNumber = 7,
        CapturedNs = 1_700_000_000_000_000_001,
        FrameId = "camera",
        Width = 4,
        Height = 3,
        Step = 24,
        DataOffset = 180,
        DataLength = 288,
    };

    [Fact]
    public void Write_Cloud_GoldenJsonWithNumpyFields()
    {
        using var header = new WireHeader();
        Assert.Equal(
            """{"schema":"sensor_msgs/msg/PointCloud2","encoding":"points","seq":7,"captured_ns":"""
                + """1700000000000000001,"frame_id":"camera","width":4,"height":3,"step":24,"data_offset":180,"data_length":"""
                + """288,"fields":[["x",0,"<f4"],["y",4,"<f4"],["z",8,"<f4"],["rgb",12,"<f4"],["confidence",16,"<f4"],["label",20,"<u2"]]}""",
            Encoding.UTF8.GetString(header.Write(Cloud)));
    }

    [Fact]
    public void Write_OnceWarm_AllocatesNothing()
    {
        using var header = new WireHeader();
        header.Write(Cloud);
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                header.Write(Cloud);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Property]
    public void Read_WhatWasWritten_SameMessage(NonNull<string> frameId, long sequence, long capturedNs, NonNegativeInt width, NonNegativeInt offset)
    {
        string frame = new([.. frameId.Get.Where(c => !char.IsSurrogate(c))]);
        var message = new WireMessage
        {
            Stream = "depth",
            Schema = Image.Schema,
            Encoding = "16UC1",
            SequenceNumber = sequence,
            CapturedNs = capturedNs,
            FrameId = frame,
            Width = width.Get,
            Height = 2,
            Step = 2,
            DataOffset = offset.Get,
            DataLength = 5,
            Payload = new byte[3],
        };
        using var header = new WireHeader();
        WireMessage back = WireHeader.Read(header.Write(message).ToArray(), "depth", message.Payload);
        Assert.Equal(
            (message.Schema, message.Encoding, sequence, capturedNs, frame, width.Get, 2, 2, offset.Get, 5, message.Payload),
            (back.Schema, back.Encoding, back.SequenceNumber, back.CapturedNs, back.FrameId, back.Width,
             back.Height, back.Step, back.DataOffset, back.DataLength, back.Payload));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"schema\":1}")]
    [InlineData("\xFF")]
    public void Read_NotAHeader_Malformed(string json) =>
        Assert.Throws<MessageFormatException>(() => WireHeader.Read(Encoding.Latin1.GetBytes(json), "cloud", default));

    [Theory]
    [InlineData("data_offset", "-1")]
    [InlineData("data_length", "4294967296")]
    [InlineData("seq", "1.5")]
    [InlineData("width", "\"4\"")]
    [InlineData("frame_id", "null")]
    [InlineData("frame_id", "\"\\ud800\"")]
    public void Read_KeyOfTheWrongKind_NamesIt(string key, string value)
    {
        using var header = new WireHeader();
        using JsonDocument good = JsonDocument.Parse(header.Write(Cloud).ToArray());
        string bad = good.RootElement.GetRawText().Replace(
            $"\"{key}\":{good.RootElement.GetProperty(key).GetRawText()}", $"\"{key}\":{value}", StringComparison.Ordinal);
        var error = Assert.Throws<MessageFormatException>(() => WireHeader.Read(Encoding.UTF8.GetBytes(bad), "cloud", default));
        Assert.Contains($"'{key}'", error.Message, StringComparison.Ordinal);
    }
}
