using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Tests.Messages.Ros;

public sealed class CdrReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("000100")]
    [InlineData("00000000")]
    [InlineData("00030000")]
    [InlineData("00070000")]
    [InlineData("01010000")]
    public void Construct_NotLittleEndianCdr_Malformed(string hex) =>
        Assert.Throws<MessageFormatException>(() => new CdrReader(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("0001000005000000616263", "string")]
    [InlineData("00010000040000006162636400", "NUL")]
    [InlineData("0001000003000000610000", "UTF-8")]
    [InlineData("0001000003000000C32800", "UTF-8")]
    [InlineData("00010000FFFFFFFF", "string")]
    [InlineData("000100000100", "uint32")]
    public void ReadString_Malformed_SaysWhatWasExpected(string hex, string expected)
    {
        var error = Assert.Throws<MessageFormatException>(() => new CdrReader(Convert.FromHexString(hex)).ReadString());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadString_LengthZero_IsEmpty() => Assert.Equal("", new CdrReader(Convert.FromHexString("0001000000000000")).ReadString());

    [Fact]
    public void ReadCount_MoreThanCanFollow_MalformedBeforeAnythingIsAllocated()
    {
        var error = Assert.Throws<MessageFormatException>(() => new CdrReader(Convert.FromHexString("00010000FFFFFF7F0000000000000000")).ReadCount(8));
        Assert.Contains("2147483647 elements", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadBool_Two_Malformed() => Assert.Throws<MessageFormatException>(() => new CdrReader(Convert.FromHexString("0001000002")).ReadBool());

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void End_BytesLeft_PaddingOnly(int left, bool allowed)
    {
        byte[] payload = [0, 1, 0, 0, .. new byte[left]];
        Exception? error = Record.Exception(() => new CdrReader(payload).End());
        Assert.Equal(allowed, error is null);
        Assert.True(error is null or MessageFormatException);
    }
}
