using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>Recordings as ROS 2's own tools make them: which pictures are taken, and which calibration holds for them.</summary>
public sealed class RecordedCamerasTests
{
    [Theory]
    [InlineData("image-before-camera-info.mcap", 4)]
    [InlineData("channels-only-in-chunks.mcap", 2)]
    [InlineData("mono8-only.mcap", 2)]
    [InlineData("yuv422_yuy2.mcap", 2)]
    [InlineData("image_rect-with-raw-camera-info.mcap", 2)]
    public void Frames_RecordingsFromTheField_AllCalibrated(string name, int pictures)
    {
        List<CameraIntrinsics?> played = Play(RecordingSource.Open(Nearby.SharedData($"field/{name}")));
        Assert.Equal(pictures, played.Count);
        Assert.All(played, Assert.NotNull);
    }

    [Fact]
    public void Open_TwoCameras_AsksForOneAndTakesTheNamed()
    {
        string path = Nearby.SharedData("field/two-colour-topics.mcap");
        string error = Assert.Throws<CameraException>(() => RecordingSource.Open(path)).Message;
        Assert.Contains("/left/image_raw, /right/image_raw", error, StringComparison.Ordinal);
        Assert.Contains("--topic", error, StringComparison.Ordinal);
        Assert.Equal(2, Play(RecordingSource.Open(path, new RecordingSourceOptions { Topic = "/left/image_raw" })).Count(c => c is not null));
    }

    [Fact]
    public void Frames_RectifiedPicturesBesideARawCameraInfo_AreDescribedByP()
    {
        CameraInfo info = Info(1) with { D = [-0.3, 0.1, 0, 0, 0], P = [7, 0, 2.5, 0, 0, 8, 1.5, 0, 0, 0, 1, 0] };
        CameraIntrinsics? rectified = Play(File(("/cam/image_rect_color", Picture(1)), ("/cam/camera_info", RosMessage.Encode(info))))[0];
        Assert.Equal((7, 8, 2.5, 1.5), (rectified!.Fx, rectified.Fy, rectified.Cx, rectified.Cy));
        Assert.All(rectified.Distortion, d => Assert.Equal(0, d));
        CameraIntrinsics? raw = Play(File(("/cam/image_raw", Picture(1)), ("/cam/camera_info", RosMessage.Encode(info))))[0];
        Assert.Equal(-0.3, raw!.Distortion[0]);
    }

    [Theory]
    [InlineData("P1 I1 P2 I2 P3 I3", "1 2 3")]
    [InlineData("P1 P2 I1 I2", "1 2")]
    [InlineData("P1 P2 P3 I3 I2 I1", "1 2 3")]
    [InlineData("I1 P1 P2 P3", "1 1 1")]
    [InlineData("P1 I9 P2", "- 9")]
    [InlineData("I1 P1 P2 I2", "1 2")]
    [InlineData("P1 P2", "- -")]
    public void Frames_PicturesAndCameraInfoInAnyOrder_MeetByStampElseTheLastBeforeHolds(string order, string expected)
    {
        (string, byte[])[] messages = [.. order.Split(' ').Select(m => m[0] == 'P'
            ? ("/cam/image_raw", Picture(m[1] - '0'))
            : ("/cam/camera_info", RosMessage.Encode(Info(m[1] - '0'))))];
        Assert.Equal(expected, string.Join(' ', Play(File(messages)).Select(c => c is null ? "-" : $"{c.Fx}")));
    }

    [Theory]
    [InlineData(false, null, "0 0 0 1", "0 255 255 255")]
    [InlineData(true, null, "0 0 0 1", "0 255 255 255")]
    [InlineData(false, "auto", "0 85 170 255", "0 255 255 255")]
    [InlineData(true, "auto", "0 85 170 255", "0 255 255 255")]
    [InlineData(false, "90,190", "26 51 76 102", "0 255 255 255")]
    [InlineData(true, "110,120", "0 0 255 255", "0 255 255 255")]
    public void Frames_Mono16_ShowTheRangeThatWasAsked_AndThatOfTheFirstPictureHoldsForAll(bool bigEndian, string? scale, string first, string second)
    {
        byte[] Bytes(ushort sample) => bigEndian ? [(byte)(sample >> 8), (byte)sample] : [(byte)sample, (byte)(sample >> 8)];
        byte[] PictureOf(int at, params ushort[] samples) => RosMessage.Encode(new Image(
            new Header(new Time(at, 0), "c"), 2, 2, "mono16", bigEndian, 5, samples.Chunk(2).SelectMany(r => r.SelectMany(Bytes).Append((byte)77)).ToArray()));
        byte[] file = File(("/cam/image_raw", PictureOf(1, 100, 110, 120, 130)), ("/cam/image_raw", PictureOf(2, 0, 65535, 65535, 65535)));
        SampleScale? asked = null;
        Assert.True(scale is null || SampleScale.TryParse(scale, out asked));

        var played = new List<string>();
        Play(
            RecordingSource.Open(McapReader.Open(file), new RecordingSourceOptions { Scale = asked }),
            frame => played.Add(string.Join(' ', frame.Pixels.ToArray().Where((_, i) => i % 3 == 0))));

        Assert.Equal([first, second], played);
    }

    [Fact]
    public void Frames_CompressedBesideRaw_IsOneCameraAndTheRawOneIsTaken()
    {
        byte[] compressed = RosMessage.Encode(new CompressedImage(new Header(new Time(1, 0), "c"), "jpeg", new byte[9]));
        using RecordingSource source = RecordingSource.Open(McapReader.Open(File(("/cam/image_raw/compressed", compressed), ("/cam/image_raw", Picture(1)))));
        Assert.Contains("/cam/image_raw,", source.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ros1", "sensor_msgs/Image", "rosbags-convert")]
    [InlineData("protobuf", "foxglove.CompressedImage", "foxglove.CompressedImage in protobuf")]
    [InlineData("json", "foxglove.RawImage", "in json")]
    [InlineData("cdr", "std_msgs/msg/String", "/x")]
    public void Open_PicturesThatAreNotReadHere_SaysWhatTheyAreAndWhatToDo(string encoding, string schema, string expected)
    {
        byte[] file = Recordings.Write(new McapWriterOptions(), writer =>
            writer.Write(writer.AddChannel("/x", encoding, writer.AddSchema(schema, "", [])), 0, 1, 1, new byte[10]));
        Assert.Contains(expected, Assert.Throws<CameraException>(() => RecordingSource.Open(McapReader.Open(file))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OnlyPicturesThatCannotBeRead_SaysWhyTheFirstCannot()
    {
        byte[] impossible = RosMessage.Encode(new Image(new Header(new Time(1, 0), "c"), 4, 4, "mono8", false, 4, new byte[16]));
        BitConverter.TryWriteBytes(impossible.AsSpan(8), 2_000_000_000u);

        string error = Assert.Throws<CameraException>(() => RecordingSource.Open(McapReader.Open(File(("/cam/image_raw", impossible))))).Message;

        Assert.Contains("(the first on /cam/image_raw: Expected fewer than 10^9 nanoseconds", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_CalibrationThatCannotBeUsed_SaysWhyInsteadOfNone()
    {
        byte[] info = RosMessage.Encode(Info(1) with { DistortionModel = "no_such_model", D = [1, 2, 3] });
        using RecordingSource source = RecordingSource.Open(McapReader.Open(File(("/cam/image_raw", Picture(1)), ("/cam/camera_info", info))));
        Assert.Null(source.Intrinsics);
        Assert.Contains("no_such_model", source.CalibrationProblem!, StringComparison.Ordinal);
    }

    /// <summary>Two seconds and two pixels: which picture it is, by its stamp.</summary>
    private static byte[] Picture(int second) => RosMessage.Encode(new Image(new Header(new Time(second, 0), "c"), 4, 4, "mono8", false, 4, new byte[16]));

    /// <summary>A calibration that tells its second by its focal length.</summary>
    private static CameraInfo Info(int second) => CameraInfo.From(new CameraIntrinsics(4, 4, second, second, 2, 2), new Header(new Time(second, 0), "c"));

    private static byte[] File(params (string Topic, byte[] Payload)[] messages) => Recordings.Write(new McapWriterOptions(), writer =>
    {
        foreach ((int i, (string topic, byte[] payload)) in messages.Index())
        {
            string schema = topic.EndsWith("info", StringComparison.Ordinal) ? CameraInfo.Schema : topic.EndsWith("compressed", StringComparison.Ordinal)
                ? CompressedImage.Schema : Image.Schema;
            writer.Write(new WireMessage { Stream = "", Schema = schema, SequenceNumber = i, Payload = payload }, topic, 1_000_000L * (i + 1));
        }
    });

    private static List<CameraIntrinsics?> Play(byte[] file) => Play(RecordingSource.Open(McapReader.Open(file)));

    private static List<CameraIntrinsics?> Play(RecordingSource source)
    {
        var played = new List<CameraIntrinsics?>();
        Play(source, frame => played.Add(frame.Intrinsics));
        return played;
    }

    private static void Play(RecordingSource source, Action<CameraFrame> onNext)
    {
        using (source)
        {
            Exception? failure = null;
            using var ended = new ManualResetEventSlim();
            using IDisposable subscription = source.Frames.Subscribe(
                onNext,
                error =>
                {
                    failure = error;
                    ended.Set();
                },
                ended.Set);
            Assert.True(ended.Wait(TimeSpan.FromSeconds(20)));
            Assert.Null(failure);
        }
    }
}
