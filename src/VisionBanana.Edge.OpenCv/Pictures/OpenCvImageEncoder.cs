using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using OpenCvSharp;
using OpenCvSharp.Internal;
using OpenCvSharp.Internal.Vectors;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// JPEG through OpenCV and PNG by an encoder of its own that is several times as fast, with buffers that are reused: encoding pictures of
/// one size allocates nothing managed once warm.
/// May be called from several threads, which then take turns; give each busy sink an encoder of its own.
/// </summary>
public sealed class OpenCvImageEncoder : IImageEncoder, IDisposable
{
    private readonly Lock _gate = new();
    private readonly int[] _jpegParameters = [(int)ImwriteFlags.JpegQuality, 90];
    private readonly PngWriter _png = new();
    private readonly VectorOfByte _encoded;
    private ushort[] _bigEndian = [];
    private Mat _picture;
    private InputArray _input;

    /// <summary>Creates an encoder.</summary>
    /// <exception cref="CameraException">The native OpenCV library cannot be loaded; the message says what to install.</exception>
    public OpenCvImageEncoder()
    {
        NativeOpenCv.Require();
        _encoded = new VectorOfByte();
        _picture = new Mat();
        _input = InputArray.Create(_picture);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The bytes are not a picture of this size, or the quality lies outside 1–100.</exception>
    public int EncodeJpeg(ReadOnlySpan<byte> rgb, int width, int height, int quality, IBufferWriter<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        lock (_gate)
        {
            _jpegParameters[1] = quality;
            ChannelOrder.Swap(rgb, Room(width, height, rgb.Length));
            return EncodeJpeg(output);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The bytes are not a picture of this size.</exception>
    public int EncodePng(ReadOnlySpan<byte> rgb, int width, int height, IBufferWriter<byte> output)
    {
        Require(width, height, 3, rgb.Length);
        ArgumentNullException.ThrowIfNull(output);
        lock (_gate)
        {
            return _png.Write(rgb, width, height, 3, output);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The samples are not a picture of this size.</exception>
    public int EncodePng16(ReadOnlySpan<ushort> samples, int width, int height, IBufferWriter<byte> output)
    {
        Require(width, height, 2, 2L * samples.Length);
        ArgumentNullException.ThrowIfNull(output);
        lock (_gate)
        {
            if (_bigEndian.Length < samples.Length)
            {
                _bigEndian = GC.AllocateUninitializedArray<ushort>(samples.Length);
            }

            Span<ushort> bigEndian = _bigEndian.AsSpan(0, samples.Length);
            BinaryPrimitives.ReverseEndianness(samples, bigEndian);
            return _png.Write(MemoryMarshal.AsBytes(bigEndian), width, height, 2, output);
        }
    }

    /// <summary>Appends a picture of one byte per pixel (Height × Width) as PNG; returns how many bytes were written.</summary>
    /// <exception cref="ArgumentException">The samples are not a picture of this size.</exception>
    public int EncodePng8(ReadOnlySpan<byte> samples, int width, int height, IBufferWriter<byte> output)
    {
        Require(width, height, 1, samples.Length);
        ArgumentNullException.ThrowIfNull(output);
        lock (_gate)
        {
            return _png.Write(samples, width, height, 1, output);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _input.Dispose();
            _picture.Dispose();
            _encoded.Dispose();
        }
    }

    private static void Require(int width, int height, int pixelBytes, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        long expected = (long)width * height * pixelBytes;
        if (length != expected)
        {
            throw new ArgumentException(
                $"A picture of {width}×{height} with {pixelBytes} bytes per pixel has {expected} bytes, found {length}.", nameof(length));
        }
    }

    private unsafe Span<byte> Room(int width, int height, int length)
    {
        Require(width, height, 3, length);
        if (_picture.Width != width || _picture.Height != height)
        {
            _input.Dispose();
            _picture.Dispose();
            _picture = new Mat(height, width, MatType.CV_8UC3);
            _input = InputArray.Create(_picture);
        }

        return new Span<byte>((void*)_picture.Data, length);
    }

    private unsafe int EncodeJpeg(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        // The binding's own ImEncode returns a fresh array; its native function fills a vector that keeps its memory.
        NativeMethods.HandleException(
            NativeMethods.imgcodecs_imencode_vector(".jpg", _input.CvPtr, _encoded.CvPtr, _jpegParameters, _jpegParameters.Length, out int good));
        int length = _encoded.Size;
        if (good == 0 || length == 0)
        {
            throw new InvalidOperationException($"OpenCV could not encode a picture of {_picture.Width}×{_picture.Height} as JPEG.");
        }

        output.Write(new ReadOnlySpan<byte>((void*)_encoded.ElemPtr, length));
        return length;
    }
}
