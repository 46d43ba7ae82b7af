using FsCheck;
using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class RateLimitTests
{
    private const long Start = 1_700_000_000_000_000_000;

    [Theory]
    [InlineData(30, 10, 0, 100)]
    [InlineData(30, 20, 0, 200)]
    [InlineData(30, 30, 2, 300)]
    [InlineData(10, 10, 10, 100)]
    [InlineData(30, 0.5, 2, 5)]
    [InlineData(5, 30, 2, 50)]
    public void Color_TenSecondsOfPictures_AsManyAsTheRateAllows(double cameraHz, double rateHz, int jitterMs, int expected)
    {
        List<long> passed = Encode(cameraHz, rateHz, jitterMs);
        Assert.InRange(passed.Count, expected - 1, expected + 1);
        Assert.Equal(passed, Encode(cameraHz, rateHz, jitterMs));
    }

    [Fact]
    public void Color_ClockSetBack_IsNotSilenced()
    {
        var encoder = Encoder(5);
        int passed = 0;
        foreach (long at in Enumerable.Range(0, 30).Select(i => Start + (i * 33_000_000L)).Concat(
            Enumerable.Range(0, 31).Select(i => Start - 3_600_000_000_000 + (i * 33_000_000L))))
        {
            passed += Passes(encoder, at) ? 1 : 0;
        }

        Assert.InRange(passed, 9, 11);
    }

    [Property(MaxTest = 60)]
    public void Color_AnyGaps_NeverMoreThanTheRate(PositiveInt[] gapsMs)
    {
        var encoder = Encoder(7);
        long at = Start;
        int passed = 0;
        foreach (PositiveInt gap in gapsMs)
        {
            at += gap.Get * 1_000_000L;
            passed += Passes(encoder, at) ? 1 : 0;
        }

        Assert.True(passed <= ((at - Start) / 1e9 * 7) + 1.5 + 1e-6, $"{passed} in {(at - Start) / 1e9} s");
        Assert.True(passed >= Math.Min(1, gapsMs.Length));
    }

    [Fact]
    public void Streams_OfOneRate_PassWithTheSamePictures()
    {
        var encoder = new MessageEncoder(
            new StreamOptions { Color = new() { RateHz = 4 }, Labels = new() { RateHz = 4 }, Painting = null }, new MarkedImageEncoder());
        for (int i = 0; i < 90; i++)
        {
            string[] streams = Streams(encoder, Start + (i * 33_333_333L), withLabels: true);
            Assert.Equal(streams.Contains("color"), streams.Contains("labels"));
            Assert.Contains("label_info", streams);
        }
    }

    private static MessageEncoder Encoder(double rateHz) => new(new StreamOptions { Color = new() { RateHz = rateHz } }, new MarkedImageEncoder());

    private static List<long> Encode(double cameraHz, double rateHz, int jitterMs)
    {
        MessageEncoder encoder = Encoder(rateHz);
        var random = new Random(5);
        var passed = new List<long>();
        for (int i = 0; i < 10 * cameraHz; i++)
        {
            long at = Start + (long)(i * 1e9 / cameraHz) + (random.Next(-jitterMs, jitterMs + 1) * 1_000_000L);
            if (Passes(encoder, at))
            {
                passed.Add(at);
            }
        }

        return passed;
    }

    private static bool Passes(MessageEncoder encoder, long capturedNs) => Streams(encoder, capturedNs, withLabels: false).Contains("color");

    private static string[] Streams(MessageEncoder encoder, long capturedNs, bool withLabels)
    {
        Assert.True(PerceptionFrame.CreatePool(1, 4, 2).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.CapturedAt = new CaptureTime(0, capturedNs);
            frame.FrameId = "camera_optical";
            frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(4, 2, 60);
            if (withLabels)
            {
                frame.Add(VisionBanana.Edge.Instructions.Instruction.Semantic(SampleFrames.Palette)).Labels.Clear();
            }

            Assert.True(encoder.TryEncode(frame, out EncodedFrame? encoded));
            using (encoded)
            {
                return [.. encoded.Messages.Select(message => message.Stream)];
            }
        }
    }
}
