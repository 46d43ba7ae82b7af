using System.Numerics;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Recognises a camera that repeats itself: the same pixels with the same time stamp (or none that counts, see
/// <see cref="IPictureReader.TimestampMs"/>). A sensor has noise, so two pictures of a living camera differ even when nothing
/// moves; a video codec may smooth a still scene to equal pictures, but then the time stamp moves.
/// </summary>
internal sealed class StaleDetector
{
    private ulong _fingerprint;
    private double _timestampMs;
    private bool _hasPrevious;

    /// <summary>True when the picture repeats the one before.</summary>
    public bool IsRepeat(ReadOnlySpan<byte> pixels, double timestampMs)
    {
        ulong fingerprint = Fingerprint(pixels);
        bool repeat = _hasPrevious && fingerprint == _fingerprint && (timestampMs <= 0 || timestampMs == _timestampMs);
        (_fingerprint, _timestampMs, _hasPrevious) = (fingerprint, timestampMs, true);
        return repeat;
    }

    /// <summary>Forgets the last picture, as after a reconnection.</summary>
    public void Reset() => _hasPrevious = false;

    private static ulong Fingerprint(ReadOnlySpan<byte> pixels)
    {
        // Four independent chains keep the multiplier busy; equality of the fingerprint is enough, no adversary is near.
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(pixels);
        ulong a = 1, b = 2, c = 3, d = 4;
        const ulong Prime = 0x9E3779B97F4A7C15;
        int i = 0;
        for (; i + 3 < words.Length; i += 4)
        {
            a = BitOperations.RotateLeft(a ^ words[i], 29) * Prime;
            b = BitOperations.RotateLeft(b ^ words[i + 1], 29) * Prime;
            c = BitOperations.RotateLeft(c ^ words[i + 2], 29) * Prime;
            d = BitOperations.RotateLeft(d ^ words[i + 3], 29) * Prime;
        }

        for (i *= 8; i < pixels.Length; i++)
        {
            a = BitOperations.RotateLeft(a ^ pixels[i], 29) * Prime;
        }

        return a ^ BitOperations.RotateLeft(b, 16) ^ BitOperations.RotateLeft(c, 32) ^ BitOperations.RotateLeft(d, 48);
    }
}
