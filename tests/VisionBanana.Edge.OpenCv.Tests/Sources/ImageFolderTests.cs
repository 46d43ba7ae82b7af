using OpenCvSharp;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vbedge-pictures-").FullName;
    private readonly FlowCounts _flow = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Frames_RealFolder_DeliversAllPicturesInOrder()
    {
        ICameraSource source = CameraSource.Open(Nearby.SharedData("real/tabletop-a/rgb"));

        (long Sequence, int Mean)[] pictures = Play(source);

        Assert.Equal((640, 480), (source.Width, source.Height));
        Assert.Equal(45, pictures.Length);
        Assert.Equal((45, 0), (_flow.CapturedCount, _flow.DroppedCount));
    }

    [Fact]
    public void Frames_NumberedWithoutZeros_ComeInTheOrderOfTheNumbers()
    {
        foreach (int i in (int[])[10, 2, 1, 30, 9])
        {
            Write($"img{i}.png", i);
        }

        Assert.Equal([1, 2, 9, 10, 30], Play(CameraSource.OpenFolder(_folder)).Select(p => p.Mean));
    }

    [Fact]
    public void Frames_DamagedPictures_AreCountedAndTheRestGoesOn()
    {
        Write("0.jpg", 10);
        Write("1.jpg", 20);
        File.WriteAllBytes(Path.Combine(_folder, "2.jpg"), File.ReadAllBytes(Path.Combine(_folder, "1.jpg"))[..400]);
        File.WriteAllText(Path.Combine(_folder, "3.png"), "not a picture");
        Write("4.png", 40);
        File.WriteAllBytes(Path.Combine(_folder, "5.png"), File.ReadAllBytes(Path.Combine(_folder, "4.png"))[..^20]);
        Write("6.jpg", 60, width: 32);
        Write("7.png", 70);

        (long Sequence, int Mean)[] pictures = Play(CameraSource.OpenFolder(_folder));

        Assert.Equal([(0, 10), (1, 20), (4, 40), (7, 70)], pictures);
        Assert.Equal(8, _flow.CapturedCount);
        Assert.Equal(4, _flow[DropReason.Unreadable]);
    }

    [Fact]
    public void OpenPictures_List_KeepsItsOrderAndPace()
    {
        Write("a.png", 1);
        Write("b.png", 2);
        var clock = new ManualClock();
        ICameraSource source = CameraSource.OpenPictures(
            [Path.Combine(_folder, "b.png"), Path.Combine(_folder, "a.png")], new CameraSourceOptions { FramesPerSecond = 5, Clock = clock });
        var recorder = new Recorder();

        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitFor(1);
        Assert.True(SpinWait.SpinUntil(() => clock.ArmedTimers > 0, 10_000));
        clock.Advance(TimeSpan.FromSeconds(0.2));
        recorder.WaitForEnd();

        Assert.Equal([2, 1], recorder.Pictures.Select(p => p.Mean));
        Assert.Equal(200_000_000, recorder.Pictures[1].At.MonotonicNs - recorder.Pictures[0].At.MonotonicNs);
    }

    [Fact]
    public void Frames_PictureWithExifRotation_KeepsTheSensorsOrientation()
    {
        Write("a.jpg", 50, width: 64);
        string path = Path.Combine(_folder, "a.jpg");
        byte[] jpeg = File.ReadAllBytes(path);

        // An EXIF segment that says "rotate by 90 degrees" (orientation 6), right after the start marker.
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        File.WriteAllBytes(path, [.. jpeg[..2], .. exif, .. jpeg[2..]]);

        ICameraSource source = CameraSource.Open(path);

        Assert.Equal((64, 16), (source.Width, source.Height));
        Assert.Single(Play(source));
    }

    private (long Sequence, int Mean)[] Play(ICameraSource source)
    {
        var recorder = new Recorder();
        using IDisposable subscription = source.Counted(_flow).Subscribe(recorder);
        recorder.WaitForEnd();
        Assert.Null(recorder.Error);
        return [.. recorder.Pictures.Select(p => (p.Sequence, p.Mean))];
    }

    private void Write(string name, int grey, int width = 24)
    {
        using var picture = new Mat(16, width, MatType.CV_8UC3, Scalar.All(grey));
        Assert.True(picture.SaveImage(Path.Combine(_folder, name)));
    }
}
