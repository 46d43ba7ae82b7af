using FsCheck.Xunit;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class RvlCodecTests
{
    [Property(MaxTest = 500)]
    public void Encode_AnySamples_RoundTrip(ushort[] samples) => Check(samples);

    [Property(MaxTest = 300)]
    public void Encode_DepthLikeSamples_RoundTrip(int seed, byte zeros)
    {
        var random = new Random(seed);
        var samples = new ushort[random.Next(2000)];
        int depth = 1500;
        for (int i = 0; i < samples.Length; i++)
        {
            depth = Math.Clamp(depth + random.Next(-3, 4), 1, 65535);
            samples[i] = random.Next(256) < zeros ? (ushort)0 : (ushort)depth;
        }

        Check(samples);
    }

    [Fact]
    public void Encode_TheLargestSteps_StaysBelowMaxLength()
    {
        foreach (int run in new[] { 1, 2, 3, 7, 8, 63, 64, 4096, 100_000 })
        {
            // Differences of ±65534 take six groups; after each run a zero.
            ushort[] samples = [.. Enumerable.Range(0, 100_000).Select(i => i % (run + 1) == run ? (ushort)0 : i % 2 == 0 ? ushort.MaxValue : (ushort)1)];
            Check(samples);
        }
    }

    [Fact]
    public void Encode_ByHand_GoldenWords()
    {
        // Groups: 2 zeros; 3 values; +1000 = zigzag 2000 = octal 3720, low digit first, +8 = more follow; +1 = 2; −2 = 3; one zero; no value.
        byte[] output = new byte[RvlCodec.MaxLength(6)];
        int length = RvlCodec.Encode([0, 0, 1000, 1001, 999, 0], output);
        Assert.Equal("238AF323" + "10000000", Convert.ToHexString([.. Words(output.AsSpan(0, length))]));
        Assert.Equal(8, length);

        static IEnumerable<byte> Words(ReadOnlySpan<byte> bytes)
        {
            var big = new List<byte>();
            for (int i = 0; i < bytes.Length; i += 4)
            {
                big.AddRange([bytes[i + 3], bytes[i + 2], bytes[i + 1], bytes[i]]);
            }

            return big;
        }
    }

    [Fact]
    public void Decode_CutLongerOrMutated_MalformedOrSamplesButNothingElse()
    {
        ushort[] samples = [.. Enumerable.Range(0, 400).Select(i => (ushort)(i % 9 == 0 ? 0 : 1000 + (i % 50)))];
        byte[] whole = new byte[RvlCodec.MaxLength(samples.Length)];
        whole = whole[..RvlCodec.Encode(samples, whole)];
        var room = new ushort[samples.Length];
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Throws<MessageFormatException>(() => RvlCodec.Decode(whole.AsSpan(0, length), room));
        }

        Assert.Throws<MessageFormatException>(() => RvlCodec.Decode([.. whole, 0, 0, 0, 0], room));
        var random = new Random(1);
        int malformed = 0;
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] mutant = [.. whole];
            mutant[random.Next(mutant.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                RvlCodec.Decode(mutant, room);
            }
            catch (MessageFormatException)
            {
                malformed++;
            }
        }

        Assert.InRange(malformed, 500, 5000);
    }

    private static void Check(ushort[] samples)
    {
        byte[] output = new byte[RvlCodec.MaxLength(samples.Length)];
        int length = RvlCodec.Encode(samples, output);
        Assert.Equal(0, length % 4);
        var back = new ushort[samples.Length];
        RvlCodec.Decode(output.AsSpan(0, length), back);
        Assert.Equal(samples, back);
    }
}
