using FsCheck.Xunit;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

public sealed class RgbPlanesTests
{
    [Property]
    public bool FromRgb_AnyPicture_IsTheFormulaPerChannel(byte[] bytes)
    {
        int count = bytes.Length / 3;
        byte[] rgb = bytes[..(count * 3)];
        float[] factor = [1 / 255f / 0.229f, 1 / 255f / 0.224f, 1 / 255f / 0.225f], offset = [-0.485f / 0.229f, -0.456f / 0.224f, -0.406f / 0.225f];
        var planes = new float[count * 3];

        RgbPlanes.FromRgb(rgb, planes, factor, offset);

        return Enumerable.Range(0, count * 3).All(i => planes[(i % 3 * count) + (i / 3)] == (rgb[i] * factor[i % 3]) + offset[i % 3]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(192 * 144)]
    public void FromRgb_EveryByteAtEveryPlace_IsExact(int count)
    {
        byte[] rgb = [.. Enumerable.Range(0, count * 3).Select(i => (byte)((i * 31) + (i / 256)))];
        var planes = new float[count * 3];

        RgbPlanes.FromRgb(rgb, planes, [1, 2, 4], [0, 1000, -1000]);

        for (int p = 0; p < count; p++)
        {
            Assert.Equal(rgb[p * 3], planes[p]);
            Assert.Equal((rgb[(p * 3) + 1] * 2f) + 1000, planes[count + p]);
            Assert.Equal((rgb[(p * 3) + 2] * 4f) - 1000, planes[(2 * count) + p]);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(4096)]
    public void ToRgb_AfterFromRgb_GivesTheSameBytes(int count)
    {
        byte[] rgb = [.. Enumerable.Range(0, count * 3).Select(i => (byte)((i * 73) + (i / 256)))];
        var planes = new float[count * 3];
        var back = new byte[count * 3];

        RgbPlanes.FromRgb(rgb, planes, [1 / 255f, 1 / 255f, 1 / 255f], [0, 0, 0]);
        RgbPlanes.ToRgb(planes, back);

        Assert.Equal(rgb, back);
    }

    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(0f, 0)]
    [InlineData(0.00195f, 0)]
    [InlineData(0.00197f, 1)]
    [InlineData(0.5f, 128)]
    [InlineData(0.998f, 254)]
    [InlineData(0.9981f, 255)]
    [InlineData(1f, 255)]
    [InlineData(1e30f, 255)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, 0)]
    public void ToRgb_AnyValue_IsRoundedAndClampedInBothPaths(float value, byte expected)
    {
        foreach (int count in (int[])[5, 16])
        {
            var planes = new float[count * 3];
            var rgb = new byte[count * 3];
            Array.Fill(planes, value);
            RgbPlanes.ToRgb(planes, rgb);
            Assert.All(rgb, b => Assert.Equal(expected, b));
        }
    }

    [Fact]
    public void ToRgb_RoomOfAnotherSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => RgbPlanes.ToRgb(new float[30], new byte[29]));
}
