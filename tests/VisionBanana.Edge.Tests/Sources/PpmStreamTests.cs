using System.Text;
using VisionBanana.Edge.Sources;

namespace VisionBanana.Edge.Tests.Sources;

public sealed class PpmStreamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void TryReadPixels_PipeInPieces_GivesEveryPicture(int piece)
    {
        byte[] first = [.. Enumerable.Range(0, 30).Select(i => (byte)i)], second = new byte[90_000];
        new Random(1).NextBytes(second);
        byte[] all = [.. "P6\n5 2\n255\n"u8, .. first, .. "P6\n300 100\n255\n"u8, .. second, .. "P6\n5 2\n255\n"u8, .. first];
        var stream = new PpmStream(new Pieces(all, piece));

        Assert.True(stream.TryReadHeader(out int width, out int height));
        Assert.Equal((5, 2), (width, height));
        Assert.True(stream.TrySkip(30));
        Assert.True(stream.TryReadHeader(out width, out height));
        byte[] pixels = new byte[width * height * 3];
        Assert.True(stream.TryReadPixels(pixels));
        Assert.Equal(second, pixels);
        Assert.True(stream.TryReadHeader(out _, out _));
        Assert.True(stream.TryReadPixels(pixels.AsSpan(0, 30)));
        Assert.Equal(first, pixels[..30]);
        Assert.False(stream.TryReadHeader(out _, out _));
    }

    [Fact]
    public void TryReadPixels_PipeThatBreaksOff_IsFalse()
    {
        var stream = new PpmStream(new MemoryStream([.. "P6\n5 2\n255\n"u8, 1, 2, 3]));

        Assert.True(stream.TryReadHeader(out _, out _));
        Assert.False(stream.TryReadPixels(new byte[30]));
    }

    [Theory]
    [InlineData("P6\n99999999 2\n255\n")]
    [InlineData("P6\n20000 20000\n255\n")]
    [InlineData("P6\n5 2\n65535\n")]
    [InlineData("P6\n")]
    public void TryReadHeader_NumbersOfNoCamera_IsFalse(string text) =>
        Assert.False(new PpmStream(new MemoryStream(Encoding.ASCII.GetBytes(text))).TryReadHeader(out _, out _));

    [Fact]
    public void TryReadHeader_SomethingElse_SaysSo() =>
        Assert.Throws<CameraException>(() => new PpmStream(new MemoryStream("Usage: ffmpeg"u8.ToArray())).TryReadHeader(out _, out _));

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, piece)]);
    }
}
