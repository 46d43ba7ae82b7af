using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// For each target pixel a small window of source pixels with 14-bit weights that add up to one. Made by
/// <see cref="RemapTableBuilder"/>; applied with two taps per multiply-add.
/// </summary>
internal sealed class RemapTable
{
    /// <summary>Fraction bits of a weight.</summary>
    public const int WeightBits = 14;

    /// <summary>A pair of taps reads this many bytes, of which 6 count.</summary>
    public const int BytesRead = 8;

    private readonly Window[] _windows;
    private readonly short[] _weights;
    private readonly bool[] _hasSource;

    internal RemapTable(
        int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, PixelFormat format, Window[] windows, short[] weights, bool[] hasSource)
    {
        SourceWidth = sourceWidth;
        SourceHeight = sourceHeight;
        TargetWidth = targetWidth;
        TargetHeight = targetHeight;
        Format = format;
        _windows = windows;
        _weights = weights;
        _hasSource = hasSource;
    }

    public int SourceWidth { get; }

    public int SourceHeight { get; }

    public int TargetWidth { get; }

    public int TargetHeight { get; }

    public PixelFormat Format { get; }

    public ReadOnlySpan<bool> HasSource => _hasSource;

    /// <inheritdoc cref="RemapTableBuilder"/>
    public static RemapTable Build(
        int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, PixelFormat format, Func<double, double, (double X, double Y)> toSource) =>
        new RemapTableBuilder(sourceWidth, sourceHeight, targetWidth, targetHeight, toSource).Build(format);

    /// <summary>Writes the remapped picture as RGB.</summary>
    public void Apply(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int stride = SourceWidth * 3;
        if (source.Length != stride * SourceHeight || target.Length != _windows.Length * 3)
        {
            throw new ArgumentException("The buffers do not have the sizes of the table.", nameof(source));
        }

        // Order of the channels in the result: 32-bit sums to the low three bytes.
        Vector128<byte> pack = Format == PixelFormat.Bgr8
            ? Vector128.Create((byte)8, 4, 0, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12)
            : Vector128.Create((byte)0, 4, 8, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12);
        ref byte source0 = ref MemoryMarshal.GetReference(source);
        ref byte target0 = ref MemoryMarshal.GetReference(target);
        ref short weights0 = ref MemoryMarshal.GetArrayDataReference(_weights);
        for (int i = 0; i < _windows.Length; i++)
        {
            Window window = _windows[i];
            if (window.NearEnd)
            {
                ApplyNearEnd(window, source, target.Slice(i * 3, 3));
                continue;
            }

            Vector128<int> sum = Vector128.Create(1 << (WeightBits - 1));
            ref short weight = ref Unsafe.Add(ref weights0, window.Weights);
            ref byte row = ref Unsafe.Add(ref source0, window.Offset);
            for (int y = 0; y < window.Rows; y++)
            {
                for (int pair = 0; pair < window.Pairs; pair++)
                {
                    var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref row, pair * 6))).AsByte();
                    Vector128<short> channels = Vector128.Shuffle(
                        bytes, Vector128.Create((byte)0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255)).AsInt16();
                    var both = Vector128.Create(Unsafe.ReadUnaligned<int>(ref Unsafe.As<short, byte>(ref weight))).AsInt16();
                    sum += MultiplyAddAdjacent(channels, both);
                    weight = ref Unsafe.Add(ref weight, 2);
                }

                row = ref Unsafe.Add(ref row, stride);
            }

            sum >>= WeightBits;

            // The fourth byte falls on the next pixel, which is written after this one; the last pixel is near the end.
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target0, i * 3), Vector128.ShuffleNative(sum.AsByte(), pack).AsUInt32().ToScalar());
        }
    }

    private void ApplyNearEnd(Window window, ReadOnlySpan<byte> source, Span<byte> rgb)
    {
        Span<int> sum = stackalloc int[3];
        sum.Fill(1 << (WeightBits - 1));
        int weight = window.Weights;
        for (int y = 0; y < window.Rows; y++)
        {
            ReadOnlySpan<byte> row = source[(window.Offset + (y * SourceWidth * 3))..];
            for (int x = 0; x < window.Pairs * 2; x++)
            {
                int w = _weights[weight++];
                sum[0] += w * row[(x * 3) + 0];
                sum[1] += w * row[(x * 3) + 1];
                sum[2] += w * row[(x * 3) + 2];
            }
        }

        bool bgr = Format == PixelFormat.Bgr8;
        rgb[0] = (byte)(sum[bgr ? 2 : 0] >> WeightBits);
        rgb[1] = (byte)(sum[1] >> WeightBits);
        rgb[2] = (byte)(sum[bgr ? 0 : 2] >> WeightBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> MultiplyAddAdjacent(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(a, b);
        }

        Vector128<int> low = Vector128.WidenLower(a) * Vector128.WidenLower(b), high = Vector128.WidenUpper(a) * Vector128.WidenUpper(b);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.AddPairwise(low, high)
            : Vector128.Create(low[0] + low[1], low[2] + low[3], high[0] + high[1], high[2] + high[3]);
    }

    /// <summary>The source pixels of one target pixel; no rows = no source.</summary>
    /// <param name="Offset">Byte offset of the top left tap.</param>
    /// <param name="Weights">Index of the first weight; Rows × 2·Pairs follow.</param>
    /// <param name="Pairs">Pairs of taps per row.</param>
    /// <param name="Rows">Rows of taps.</param>
    /// <param name="NearEnd">True when reading or writing in vectors would pass the end of a buffer.</param>
    internal readonly record struct Window(int Offset, int Weights, short Pairs, short Rows, bool NearEnd);
}
