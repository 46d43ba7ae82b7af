using VisionBanana.Edge.OpenCv.Pictures;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

public sealed class HuffmanCodeTests
{
    [Fact]
    public void Build_KnownFrequencies_LengthsOfHuffman()
    {
        var code = new HuffmanCode(6, 15);

        code.Build([45, 13, 12, 16, 9, 5]);

        Assert.Equal<byte>([1, 3, 3, 3, 4, 4], code.Lengths.ToArray());
        // RFC 1951, 3.2.2: 0, 100, 101, 110, 1110, 1111; the first bit lowest.
        Assert.Equal<ushort>([0b0, 0b001, 0b101, 0b011, 0b0111, 0b1111], code.Codes.ToArray());
    }

    [Theory]
    [InlineData(286, 15)]
    [InlineData(19, 7)]
    public void Build_FrequenciesThatWantLongerCodes_StaysWithinTheLimitAndIsComplete(int symbols, int limit)
    {
        int[] frequencies = new int[symbols];
        (frequencies[0], frequencies[1]) = (1, 1);
        for (int i = 2; i < Math.Min(symbols, 40); i++)
        {
            frequencies[i] = frequencies[i - 1] + frequencies[i - 2];
        }

        var code = new HuffmanCode(symbols, limit);
        code.Build(frequencies);

        Assert.InRange(code.Lengths.ToArray().Max(), 1, limit);
        Assert.Equal(1.0, code.Lengths.ToArray().Where(length => length > 0).Sum(length => Math.Pow(2, -length)));
        Assert.All(Enumerable.Range(0, symbols), symbol => Assert.Equal(frequencies[symbol] > 0, code.Lengths[symbol] > 0));
    }

    [Fact]
    public void Build_Again_ForgetsTheCodeBefore()
    {
        var code = new HuffmanCode(4, 15);
        code.Build([1, 2, 3, 4]);

        code.Build([0, 5, 0, 5]);

        Assert.Equal<byte>([0, 1, 0, 1], code.Lengths.ToArray());
    }
}
