using VisionBanana.Edge.Mavlink;

namespace VisionBanana.Edge.Tests.Mavlink;

public sealed class MavlinkFrameTests
{
    /// <summary>Written by another encoder: samples/scale/play.py, distance_sensor(1.5, 7).</summary>
    private static readonly byte[] Foreign = Convert.FromHexString("FD0E0000070101840000BC0200000A00A00F9600000100FF0EBB");

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void TryRead_WhatWasWritten_IsTheSameWithNoiseAround(int noise)
    {
        byte[] payload = new byte[39];
        payload[0] = 9;
        payload[12] = 25;
        byte[] frame = new byte[MavlinkFrame.MaxLength];
        int length = MavlinkFrame.Write(frame, MavlinkMessage.DistanceSensor, payload, 3, 1, 196);
        byte[] datagram = [.. Enumerable.Repeat((byte)0xFD, noise), .. frame[..length], .. Enumerable.Repeat((byte)0xFE, noise), .. frame[..length]];
        ReadOnlySpan<byte> rest = datagram;
        byte[] read = new byte[256];
        for (int i = 0; i < 2; i++)
        {
            Assert.True(MavlinkFrame.TryRead(ref rest, read, out MavlinkMessage message));
            Assert.Equal(MavlinkMessage.DistanceSensor, message);
            Assert.Equal(payload, read[..39]);
        }

        Assert.False(MavlinkFrame.TryRead(ref rest, read, out _));
    }

    [Fact]
    public void TryRead_FrameOfAnotherEncoder_IsRead()
    {
        ReadOnlySpan<byte> rest = Foreign;
        byte[] payload = new byte[256];

        Assert.True(MavlinkFrame.TryRead(ref rest, payload, out MavlinkMessage message));

        Assert.Equal(132u, message.Id);
        Assert.Equal(150, payload[8] | (payload[9] << 8));
        Assert.Equal(700, payload[0] | (payload[1] << 8));
    }

    [Fact]
    public void TryRead_DamagedByte_IsNoFrame()
    {
        byte[] frame = new byte[MavlinkFrame.MaxLength];
        int length = MavlinkFrame.Write(frame, MavlinkMessage.Heartbeat, [1, 2, 3, 4, 5, 6, 7, 8, 3], 3, 1, 196);
        for (int i = 0; i < length; i++)
        {
            byte[] damaged = frame[..length];
            damaged[i] ^= 0x55;
            ReadOnlySpan<byte> rest = damaged;
            Assert.False(MavlinkFrame.TryRead(ref rest, new byte[256], out _), $"byte {i}");
        }
    }

    [Fact]
    public void TryRead_AnyBytes_EndsAndNeverThrows()
    {
        var random = new Random(8);
        byte[] payload = new byte[256];
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            for (int k = 0; k < bytes.Length; k += 7)
            {
                bytes[k] = random.Next(2) == 0 ? (byte)0xFD : (byte)0xFE;
            }

            ReadOnlySpan<byte> rest = bytes;
            while (MavlinkFrame.TryRead(ref rest, payload, out _))
            {
            }
        }
    }
}
