using System.Buffers;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Tests.Shared;

/// <summary>Pictures as stored blocks behind a short mark: deterministic, allocates nothing, and shows which picture went where.</summary>
internal sealed class MarkedImageEncoder : IImageEncoder
{
    public int EncodeJpeg(ReadOnlySpan<byte> rgb, int width, int height, int quality, IBufferWriter<byte> output) =>
        Write((byte)'J', (byte)quality, rgb, output);

    public int EncodePng(ReadOnlySpan<byte> rgb, int width, int height, IBufferWriter<byte> output) => Write((byte)'P', 0, rgb, output);

    public int EncodePng16(ReadOnlySpan<ushort> samples, int width, int height, IBufferWriter<byte> output) =>
        Write((byte)'D', 16, MemoryMarshal.AsBytes(samples), output);

    private static int Write(byte mark, byte detail, ReadOnlySpan<byte> rgb, IBufferWriter<byte> output)
    {
        Span<byte> room = output.GetSpan(2 + rgb.Length);
        room[0] = mark;
        room[1] = detail;
        rgb.CopyTo(room[2..]);
        output.Advance(2 + rgb.Length);
        return 2 + rgb.Length;
    }
}
