using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionBanana.Edge.Codecs;

/// <summary>Widens bytes to single precision.</summary>
internal static class PlaneLanes
{
    /// <summary>Converts <paramref name="count"/> bytes, a multiple of 64.</summary>
    public static void ToSingle(ref readonly byte source, int count, ref float target)
    {
        int lanes = Vector<float>.Count;
        for (int i = 0; i < count; i += Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(in source, (nuint)i), out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> a, out Vector<uint> b);
            Vector.Widen(high, out Vector<uint> c, out Vector<uint> d);
            ref float at = ref Unsafe.Add(ref target, i);
            Vector.ConvertToSingle(Vector.AsVectorInt32(a)).StoreUnsafe(ref at);
            Vector.ConvertToSingle(Vector.AsVectorInt32(b)).StoreUnsafe(ref at, (nuint)lanes);
            Vector.ConvertToSingle(Vector.AsVectorInt32(c)).StoreUnsafe(ref at, (nuint)(2 * lanes));
            Vector.ConvertToSingle(Vector.AsVectorInt32(d)).StoreUnsafe(ref at, (nuint)(3 * lanes));
        }
    }
}
