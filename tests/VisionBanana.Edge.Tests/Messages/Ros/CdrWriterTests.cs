using System.Buffers;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages.Ros;

public sealed class CdrWriterTests
{
    [Fact]
    public void Write_EveryPrimitive_AlignedFromBehindTheEncapsulationHeader()
    {
        var writer = new CdrWriter(4);
        writer.WriteUInt8(0xAB);
        writer.WriteUInt16(0x1234);
        writer.WriteBool(true);
        writer.WriteUInt32(0xDEADBEEF);
        writer.WriteUInt8(1);
        writer.WriteFloat64(1.0);
        writer.WriteInt32(-2);
        writer.WriteFloat32(0.5f);
        writer.WriteString("hé");

        Assert.Equal(
            "00010000" + "AB00" + "3412" + "01000000" + "EFBEADDE" + "01000000" + "000000000000F03F" + "FEFFFFFF" + "0000003F" + "04000000" + "68C3A900",
            Convert.ToHexString(writer.Written.Span));
    }

    [Fact]
    public void Begin_AfterAMessage_StartsTheNextInTheSameBuffer()
    {
        var writer = new CdrWriter();
        writer.WriteUInt32(uint.MaxValue);
        writer.Begin();
        writer.WriteUInt8(1);
        writer.WriteUInt32(2);

        Assert.Equal("000100000100000002000000", Convert.ToHexString(writer.Written.Span));
    }

    [Fact]
    public void BeginBytes_AppendedInPieces_LengthIsPatched()
    {
        var writer = new CdrWriter(4);
        writer.WriteUInt8(7);
        int start = writer.BeginBytes();
        writer.Write<byte>([1, 2, 3]);
        writer.Write<byte>(new byte[5000]);
        int length = writer.EndBytes(start);

        Assert.Equal(5003, length);
        Assert.Equal(12, start);
        Assert.Equal("000100000700000" + "08B130000010203", Convert.ToHexString(writer.Written.Span[..15]));
        Assert.Equal(start + length, writer.Length);
    }

    [Fact]
    public void WriteString_WithNul_Refused() => Assert.Throws<ArgumentException>(() => new CdrWriter().WriteString("a\0b"));

    [Fact]
    public void Write_OnceWarm_AllocatesNothing()
    {
        var writer = new CdrWriter();
        byte[] pixels = new byte[100_000];
        WriteOne();
        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                WriteOne();
            }
        });

        Assert.Equal(0, allocated);

        void WriteOne()
        {
            writer.Begin();
            writer.WriteString("camera_optical");
            writer.WriteFloat64(1);
            writer.WriteBytes(pixels);
        }
    }
}
