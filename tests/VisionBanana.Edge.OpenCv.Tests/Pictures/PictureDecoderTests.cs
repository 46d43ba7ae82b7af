using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.OpenCv.Tests.Sources;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

public sealed class PictureDecoderTests
{
    private static readonly string[] Endings = [".jpg", ".png", ".bmp", ".tiff", ".webp", ".ppm"];

    public static TheoryData<string> Formats() => [.. Endings];

    [Theory]
    [MemberData(nameof(Formats))]
    public void TryDecode_EveryFormat_ReadsTheSizeBeforeItsPixels(string ending)
    {
        byte[] file = Encoded(ending, 37, 21);

        Assert.True(PictureHeader.TryReadSize(file, out long width, out long height));
        Assert.Equal((37, 21), (width, height));
        Assert.True(PictureDecoder.TryDecode(file, ImreadModes.Color, out Mat? picture, out string problem), problem);
        using (picture)
        {
            Assert.Equal((37, 21), (picture.Width, picture.Height));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(26)]
    public void TryDecode_NothingOrRubbish_SaysSo(int length)
    {
        Assert.False(PictureDecoder.TryDecode(new byte[length], ImreadModes.Color, out _, out string problem));
        Assert.Contains(length == 0 ? "is empty" : "is no picture", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryDecode_HeaderThatClaims65500Squared_IsRefusedBeforeAnythingIsAllocated()
    {
        byte[] jpeg = Encoded(".jpg", 64, 64);
        int frame = jpeg.AsSpan().IndexOf([(byte)0xFF, (byte)0xC0]);
        byte[] side = [65500 >> 8, 65500 & 255];
        side.CopyTo(jpeg, frame + 5);
        side.CopyTo(jpeg, frame + 7);
        byte[] png = Encoded(".png", 64, 64);
        png[16] = png[20] = 0x7F;

        foreach (byte[] file in (byte[][])[jpeg, png])
        {
            Assert.False(PictureDecoder.TryDecode(file, ImreadModes.Color, out _, out string problem));
            Assert.Contains("claims", problem, StringComparison.Ordinal);
        }

        Assert.Throws<MessageFormatException>(() => new OpenCvImageDecoder().ReadSize(jpeg));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 480)]
    public void TryDecode_OnePixelWide_IsRefused(int width, int height)
    {
        Assert.False(PictureDecoder.TryDecode(Encoded(".png", width, height), ImreadModes.Color, out _, out string problem));
        Assert.Contains($"{width}×{height}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void TryDecode_MutatedAndTruncatedFiles_NeverThrow(string ending)
    {
        byte[] whole = Encoded(ending, 48, 32);
        var random = new Random(17);
        for (int round = 0; round < 60; round++)
        {
            byte[] file = whole[..(round % 4 == 0 ? random.Next(whole.Length) : whole.Length)];
            for (int i = random.Next(8); i > 0 && file.Length > 0; i--)
            {
                file[random.Next(Math.Min(file.Length, round % 2 == 0 ? 64 : file.Length))] = (byte)random.Next(256);
            }

            if (PictureDecoder.TryDecode(file, ImreadModes.Color, out Mat? picture, out string problem))
            {
                Assert.InRange((long)picture.Width * picture.Height, 1, PictureDecoder.MostPixels);
                picture.Dispose();
            }
            else
            {
                Assert.NotEmpty(problem);
            }
        }
    }

    [Fact]
    public void Decode_EmptyMessage_IsAFormatError() =>
        Assert.Throws<MessageFormatException>(() => new OpenCvImageDecoder().Decode(default, 4, 4, PixelFormat.Bgr8, new byte[48]));

    [Fact]
    public void Open_FolderWhoseFirstFileIsEmpty_GivesTheOthers()
    {
        string folder = Nearby.SharedData("field/folder-zero-byte");
        using var source = CameraSource.Open(folder, new CameraSourceOptions { Pace = Pace.None });
        var recorder = new Recorder();

        using (source.Counted(new FlowCounts()).Subscribe(recorder))
        {
            recorder.WaitForEnd();
        }

        Assert.Null(recorder.Error);
        Assert.Single(recorder.Pictures);
    }

    [Fact]
    public void Sources_OtherThanTheDecoder_DoNotDecode()
    {
        string[] doors = ["ImDecode", "ImRead", "FromImageData", "Cv2.ImCount", "ImReadMulti", "ImDecodeMulti"];
        IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(Nearby.RepositoryRoot, "src"), "*.cs", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(Path.Combine(Nearby.RepositoryRoot, "samples"), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

        Assert.Equal(["PictureDecoder.cs"], files.Where(f => doors.Any(File.ReadAllText(f).Contains)).Select(f => Path.GetFileName(f)));
    }

    private static byte[] Encoded(string ending, int width, int height)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC3, new Scalar(20, 90, 200));
        Cv2.Line(picture, 0, 0, width - 1, height - 1, Scalar.White);
        Cv2.ImEncode(ending, picture, out byte[] file);
        return file;
    }
}
