using FsCheck.Xunit;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class Lz4FrameTests
{
    private readonly Lz4Frame _frame = new();

    [Property(MaxTest = 500)]
    public void Decompress_WhatWasCompressed_IsTheSame(byte[] pattern, ushort length, byte mutations)
    {
        byte[] data = Repeating(pattern.Length == 0 ? [1] : pattern, length, mutations);
        Assert.Equal(data, RoundTrip(data, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(70_000)]
    [InlineData((4 << 20) - 1)]
    [InlineData((4 << 20) + 1)]
    [InlineData(9_000_000)]
    public void Decompress_EverySizeOfRandomAndOfZeros_IsTheSame(int length)
    {
        byte[] random = new byte[length];
        new Random(length).NextBytes(random);
        Assert.Equal(random, RoundTrip(random, out int stored));
        Assert.True(stored <= Lz4Frame.Bound(length));
        Assert.Equal(new byte[length], RoundTrip(new byte[length], out int zeros));
        Assert.True(length < 1000 || zeros < length / 100, $"{length} zeros take {zeros} bytes");
    }

    [Theory]
    [InlineData("-B4", "-BD", "--content-size")]
    [InlineData("-B4", "-BX")]
    [InlineData("-B7", "-9", "--no-frame-crc")]
    [InlineData("-B5", "-BD", "-BX", "-9")]
    public async Task Decompress_FramesOfTheLz4Tool_IsTheSame(params string[] options)
    {
        string? lz4 = ExternalProcess.Find("lz4");
        Assert.SkipWhen(lz4 is null, "lz4 is not installed");
        byte[] data = Repeating([.. Enumerable.Range(0, 1000).Select(i => (byte)(i * i))], 300_000, 40);
        using Recordings.TemporaryFile plain = new(), compressed = new();
        await File.WriteAllBytesAsync(plain.Path, data);
        Assert.True(await ExternalProcess.SucceedsAsync(lz4, [.. options, "-f", plain.Path, compressed.Path]));
        byte[] stored = await File.ReadAllBytesAsync(compressed.Path);
        byte[] read = new byte[data.Length];
        Lz4Frame.Decompress(stored, read);
        Assert.Equal(data, read);
        Assert.True(stored.Length < data.Length);
    }

    [Fact]
    public async Task Compress_OurFrames_AreReadByTheLz4Tool()
    {
        string? lz4 = ExternalProcess.Find("lz4");
        Assert.SkipWhen(lz4 is null, "lz4 is not installed");
        byte[] data = [.. Repeating([1, 2, 3, 4, 5, 6, 7], 5_000_000, 200), .. new byte[3_000_000]];
        byte[] stored = new byte[Lz4Frame.Bound(data.Length)];
        int length = _frame.Compress(data, stored);
        using Recordings.TemporaryFile plain = new(), compressed = new();
        await File.WriteAllBytesAsync(compressed.Path, stored.AsMemory(0, length));
        Assert.True(await ExternalProcess.SucceedsAsync(lz4, "-d", "-f", compressed.Path, plain.Path));
        byte[] read = await File.ReadAllBytesAsync(plain.Path);
        Assert.True(data.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public void Decompress_EveryFlippedByteAndEveryCut_EndsWellOrWithOurError()
    {
        byte[] data = Repeating([1, 2, 3, 4, 5, 6, 7, 8, 9], 400, 9);
        byte[] stored = new byte[Lz4Frame.Bound(data.Length)];
        int length = _frame.Compress(data, stored);
        for (int i = 0; i < length; i++)
        {
            byte[] read = new byte[data.Length];
            Assert.Throws<MessageFormatException>(() => Lz4Frame.Decompress(stored.AsSpan(0, i), read));
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] damaged = stored[..length];
                damaged[i] ^= (byte)(1 << bit);
                try
                {
                    Lz4Frame.Decompress(damaged, read);
                }
                catch (MessageFormatException)
                {
                    // What passes is caught by the CRC of the chunk.
                }
            }
        }
    }

    [Fact]
    public void Compress_Warm_AllocatesNothing()
    {
        byte[] data = Repeating([3, 1, 4, 1, 5, 9], 100_000, 50), stored = new byte[Lz4Frame.Bound(100_000)];
        _frame.Compress(data, stored);
        Assert.Equal(0, Allocation.Of(() => _frame.Compress(data, stored)));
    }

    private byte[] RoundTrip(byte[] data, out int length)
    {
        byte[] stored = new byte[Lz4Frame.Bound(data.Length)], read = new byte[data.Length];
        length = _frame.Compress(data, stored);
        Lz4Frame.Decompress(stored.AsSpan(0, length), read);
        return read;
    }

    private static byte[] Repeating(byte[] pattern, int length, int mutations)
    {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++)
        {
            data[i] = pattern[i % pattern.Length];
        }

        var random = new Random(mutations);
        for (int i = 0; i < mutations && length > 0; i++)
        {
            data[random.Next(length)] = (byte)random.Next(256);
        }

        return data;
    }
}
