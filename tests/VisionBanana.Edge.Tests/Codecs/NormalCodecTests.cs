using System.Numerics;
using FsCheck.Xunit;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Tests.Codecs;

public sealed class NormalCodecTests
{
    [Theory]
    [InlineData(0, 0, -1, 128, 128, 255)] // facing the camera
    [InlineData(-1, 0, 0, 255, 128, 128)] // facing left
    [InlineData(0, -1, 0, 128, 255, 128)] // a floor, seen from above: up is −y
    public void Encode_AxisOfTheOpticalFrame_IsThePapersColour(float x, float y, float z, byte r, byte g, byte b)
    {
        var painting = new Rgb24[1];
        NormalCodec.Encode([x, y, z], painting);
        Assert.Equal(new Rgb24(r, g, b), painting[0]);
    }

    [Fact]
    public void Decode_FacingTheCamera_PointsAgainstTheOpticalAxis()
    {
        float[] normal = new float[3], confidence = new float[1];
        NormalCodec.Decode([new(128, 128, 255)], normal, confidence);

        Assert.Equal(-1f, normal[2], 1e-4f);
        Assert.Equal(0f, normal[0], 5e-3f);
        Assert.True(confidence[0] > 0.999f);
    }

    [Fact]
    public void EncodeDecode_NoNormal_IsNoNormalAgain()
    {
        var painting = new Rgb24[2];
        float[] normals = new float[6], confidence = new float[2];
        NormalCodec.Encode([float.NaN, float.NaN, float.NaN, 0, 0, 0], painting);
        NormalCodec.Decode(painting, normals, confidence);

        Assert.All(normals, n => Assert.True(float.IsNaN(n)));
        Assert.Equal([0f, 0f], confidence);
    }

    [Property]
    public void RoundTrip_AnyDirection_StaysWithinHalfADegree(int seed, byte length)
    {
        var random = new Random(seed);
        Vector3[] directions = [.. Enumerable.Range(0, length).Select(
            _ => Vector3.Normalize(new Vector3(Signed(random), Signed(random), Signed(random) + 1e-3f)))];
        float[] normals = [.. directions.SelectMany(d => new[] { d.X * 3, d.Y * 3, d.Z * 3 })];
        var painting = new Rgb24[length];
        float[] confidence = new float[length];

        NormalCodec.Encode(normals, painting);
        NormalCodec.Decode(painting, normals, confidence);

        for (int i = 0; i < length; i++)
        {
            float cosine = Vector3.Dot(directions[i], new Vector3(normals.AsSpan(i * 3, 3)));
            Assert.True(cosine > MathF.Cos(0.5f * MathF.PI / 180), $"{directions[i]}: cosine {cosine}");
            Assert.True(confidence[i] > 0.99f);
        }

        static float Signed(Random random) => (random.NextSingle() * 2) - 1;
    }

    [Property]
    public void Decode_AnyPicture_AgreesWithTheDefinition(int seed, byte length)
    {
        Rgb24[] painting = [.. Colours.Noise(seed, length).Select((c, i) => i % 9 == 0 ? new Rgb24(127, 128, 127) : c)];
        float[] normals = new float[length * 3], confidence = new float[length];

        NormalCodec.Decode(painting, normals, confidence);

        for (int i = 0; i < length; i++)
        {
            Vector3 expected = NormalCodec.Decode(painting[i], out float trust);
            Assert.Equal([expected.X, expected.Y, expected.Z], normals[(i * 3)..((i * 3) + 3)]);
            Assert.Equal(trust, confidence[i]);
            Assert.True(float.IsNaN(expected.X) || MathF.Abs(expected.Length() - 1) < 1e-5f);
        }
    }
}
