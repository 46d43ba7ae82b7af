using System.Globalization;
using System.Numerics;

namespace VisionBanana.Edge.Tests;

/// <summary>Tells a process of <see cref="VectorWidthTests"/> how wide its vectors must be.</summary>
internal static class AskedWidth
{
    public const string Variable = "VBEDGE_TEST_VECTOR_BYTES";

    /// <summary>Fails in a process whose vectors are not as wide as asked.</summary>
    public static void Require()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } asked)
        {
            Assert.Equal(int.Parse(asked, CultureInfo.InvariantCulture), Vector<byte>.Count);
        }
    }
}
