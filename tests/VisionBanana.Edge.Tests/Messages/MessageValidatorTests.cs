using System.Text;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class MessageValidatorTests
{
    [Fact]
    public void WhyMalformed_EverythingThePipelineEncodes_Null()
    {
        using EncodedFrame encoded = new SampleFrames().Encode(3);
        Assert.Equal(7, encoded.Messages.Count);
        Assert.All(encoded.Messages, message => Assert.Null(MessageValidator.WhyMalformed(message)));
        Assert.Null(MessageValidator.WhyMalformed(DiagnosticsMessage.Create(5, DiagnosticsMessage.Status("a", DiagnosticLevel.Ok, "b", "c", ("d", "e")))));
    }

    [Fact]
    public void WhyMalformed_AnyHeaderFieldChanged_SaysWhat()
    {
        using EncodedFrame encoded = new SampleFrames().Encode(3);
        foreach (WireMessage message in encoded.Messages.Where(message => !message.IsState && message.DataLength > 0))
        {
            (Action Break, Action Mend, string Says)[] changes =
            [
                (() => message.CapturedNs++, () => message.CapturedNs--, "captured_ns"),
                (() => message.FrameId += "x", () => message.FrameId = message.FrameId[..^1], "frame_id"),
                (() => message.Width++, () => message.Width--, "×"),
                (() => message.Height--, () => message.Height++, "×"),
                (() => message.Step++, () => message.Step--, "bytes"),
                (() => message.DataOffset++, () => message.DataOffset--, "data_offset"),
                (() => message.DataOffset = -message.DataOffset, () => message.DataOffset = -message.DataOffset, "data_offset"),
                (() => message.DataLength--, () => message.DataLength++, "data_length"),
                (() => message.Encoding += "x", () => message.Encoding = message.Encoding[..^1], "x'"),
            ];
            foreach ((Action breakIt, Action mend, string says) in changes)
            {
                breakIt();
                string? why = MessageValidator.WhyMalformed(message);
                mend();
                Assert.NotNull(why);
                Assert.Contains(says, why, StringComparison.Ordinal);
                Assert.Null(MessageValidator.WhyMalformed(message));
            }
        }
    }

    [Fact]
    public void WhyMalformed_RandomPayloadMutations_NeverThrows()
    {
        using EncodedFrame encoded = new SampleFrames(8, 6).Encode(3);
        var random = new Random(1);
        int malformed = 0;
        foreach (WireMessage message in encoded.Messages)
        {
            byte[] whole = message.Payload.ToArray();
            for (int trial = 0; trial < 1000; trial++)
            {
                byte[] mutant = random.Next(3) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
                for (int i = random.Next(0, 4); i > 0 && mutant.Length > 0; i--)
                {
                    mutant[random.Next(Math.Min(mutant.Length, 160))] = (byte)random.Next(256);
                }

                message.Payload = mutant;
                malformed += MessageValidator.WhyMalformed(message) is null ? 0 : 1;
            }
        }

        Assert.True(malformed > 3000, $"only {malformed} mutants were noticed");
    }

    [Fact]
    public void WhyMalformed_ImageWhoseSizesDisagree_SaysSo()
    {
        Image good = Samples.Image;
        (Image Image, string Says)[] cases =
        [
            (good with { Encoding = "rgba64" }, "'rgba64'"),
            (good with { Height = 3 }, "3 rows"),
            (good with { Step = 7 }, "step says 7"),
            (good with { Width = uint.MaxValue }, "a row of 4294967295"),
            (good with { IsBigEndian = true }, "big endian"),
        ];
        Assert.Null(MessageValidator.WhyMalformed(Wire(good, good.Encoding)));
        foreach ((Image image, string says) in cases)
        {
            Assert.Contains(says, MessageValidator.WhyMalformed(Wire(image, image.Encoding))!, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("jpeg", "FFD800FFD9", true)]
    [InlineData("jpeg", "FFD800FF", false)]
    [InlineData("jpeg", "89504E470D0A1A0A", false)]
    [InlineData("png", "89504E470D0A1A0A0000000049454E44AE426082", true)]
    [InlineData("png", "89504E470D0A1A0A", false)]
    [InlineData("bmp", "FFD800FFD9", false)]
    public void WhyMalformed_CompressedImage_WholeFilesOnly(string format, string hex, bool whole)
    {
        byte[] data = Convert.FromHexString(hex);
        byte[] payload = RosMessage.Encode(new CompressedImage(Samples.Header, format, data));
        var message = new WireMessage
        {
            Stream = Streams.Color,
            Schema = CompressedImage.Schema,
            Encoding = format,
            CapturedNs = Samples.Header.Stamp.Nanoseconds,
            FrameId = Samples.Header.FrameId,
            DataOffset = payload.Length - data.Length,
            DataLength = data.Length,
            Payload = payload,
        };
        Assert.Equal(whole, MessageValidator.WhyMalformed(message) is null);
    }

    [Fact]
    public void WhyMalformed_CloudFieldOutsideThePoint_SaysWhich()
    {
        PointCloud2 cloud = Samples.PointCloud2;
        cloud = cloud with { Fields = cloud.Fields.SetItem(5, new PointField("label", 23, PointFieldType.UInt16)) };
        byte[] payload = RosMessage.Encode(cloud);
        var message = new WireMessage
        {
            Stream = Streams.Cloud,
            Schema = PointCloud2.Schema,
            Encoding = "points",
            CapturedNs = Samples.Header.Stamp.Nanoseconds,
            FrameId = Samples.Header.FrameId,
            Width = 2,
            Height = 2,
            Step = 24,
            DataOffset = payload.Length - 1 - 96,
            DataLength = 96,
            Payload = payload,
        };
        Assert.Contains("'label'", MessageValidator.WhyMalformed(message)!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"status":"online","device":"a"}""", true)]
    [InlineData("""{"status":"offline"}""", true)]
    [InlineData("""{"status":"away"}""", false)]
    [InlineData("online", false)]
    public void WhyMalformed_Status_OnlineOrOffline(string json, bool valid)
    {
        var message = new WireMessage { Stream = WireTopics.StatusStream, Schema = "", Payload = Encoding.UTF8.GetBytes(json) };
        Assert.Equal(valid, MessageValidator.WhyMalformed(message) is null);
    }

    [Fact]
    public void WhyMalformed_PlainTopics_OnlyThePreviewHasAForm()
    {
        Assert.Null(MessageValidator.WhyMalformed(new WireMessage { Stream = WireTopics.CommandStream, Schema = "", Payload = "pause"u8.ToArray() }));
        Assert.Null(MessageValidator.WhyMalformed(
            new WireMessage { Stream = WireTopics.PreviewStream, Schema = "", Payload = new byte[] { 0xFF, 0xD8, 0, 0xFF, 0xD9 } }));
        Assert.NotNull(
            MessageValidator.WhyMalformed(new WireMessage { Stream = WireTopics.PreviewStream, Schema = "", Payload = new byte[] { 0xFF, 0xD8, 0 } }));
    }

    [Fact]
    public void WhyMalformed_UnknownSchema_SaysSo() => Assert.Contains(
        "std_msgs/msg/String", MessageValidator.WhyMalformed(new WireMessage { Stream = "x", Schema = "std_msgs/msg/String" })!, StringComparison.Ordinal);

    private static WireMessage Wire(in Image image, string encoding)
    {
        byte[] payload = RosMessage.Encode(image);
        return new WireMessage
        {
            Stream = Streams.Depth,
            Schema = Image.Schema,
            Encoding = encoding,
            CapturedNs = image.Header.Stamp.Nanoseconds,
            FrameId = image.Header.FrameId,
            Width = (int)image.Width,
            Height = (int)image.Height,
            Step = 2,
            DataOffset = payload.Length - image.Data.Length,
            DataLength = image.Data.Length,
            Payload = payload,
        };
    }
}
