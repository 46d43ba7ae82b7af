using System.Buffers;

namespace VisionBanana.Edge.Imaging;

/// <summary>Compresses pictures for messages and files. Pictures are interleaved, rows from the top, no padding.</summary>
public interface IImageEncoder
{
    /// <summary>Appends an RGB picture (Height × Width × 3 bytes) as JPEG; returns how many bytes were written.</summary>
    int EncodeJpeg(ReadOnlySpan<byte> rgb, int width, int height, int quality, IBufferWriter<byte> output);

    /// <summary>Appends an RGB picture (Height × Width × 3 bytes) as PNG, lossless; returns how many bytes were written.</summary>
    int EncodePng(ReadOnlySpan<byte> rgb, int width, int height, IBufferWriter<byte> output);

    /// <summary>Appends a picture of 16-bit samples (Height × Width) as PNG; returns how many bytes were written.</summary>
    int EncodePng16(ReadOnlySpan<ushort> samples, int width, int height, IBufferWriter<byte> output);
}
