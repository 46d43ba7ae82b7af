using System.Text;
using VisionBanana.Edge.Network;

namespace VisionBanana.Edge.Tests.Network;

public sealed class RtspReaderTests
{
    [Fact]
    public async Task Read_StrayBytesPacketsAndTexts_AreToldApart()
    {
        using var stream = new MemoryStream([
            1, 2, (byte)'$', 0, 0, 2, 7, 8, (byte)'$', 0, 0, 1, 9, .. "RTSP/1.0 200 OK\r\nCSeq: 4\r\nContent-Length: 3\r\n\r\nabc"u8, (byte)'$', 0, 0, 0]);
        var reader = new RtspReader(stream);

        Assert.True(await reader.ReadAsync(default));
        Assert.Equal(13, reader.Packets.Length);
        Assert.True(await reader.ReadAsync(default));
        Assert.Equal(("4", "abc"), (RtspReader.Header(reader.Head, "cseq"), Encoding.ASCII.GetString(reader.Body)));
        Assert.True(await reader.ReadAsync(default));
        Assert.Equal(4, reader.Packets.Length);
        Assert.False(await reader.ReadAsync(default));
    }

    [Theory]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData(null)]
    public async Task Read_TextWithoutBound_IsAnError(string? text)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(text ?? new string('A', 1 << 20)));
        await Assert.ThrowsAsync<IOException>(async () => await new RtspReader(stream).ReadAsync(default));
    }
}
