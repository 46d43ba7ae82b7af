using FsCheck.Xunit;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Tests.Geometry;

public sealed class DepthImageTests
{
    [Theory]
    [InlineData(0f, 0)]
    [InlineData(0.0004f, 0)]
    [InlineData(0.0006f, 1)]
    [InlineData(1.2344f, 1234)]
    [InlineData(1.2346f, 1235)]
    [InlineData(65.535f, 65535)]
    [InlineData(65.536f, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.NaN, 0)]
    [InlineData(-1f, 0)]
    public void ToMillimetres_EachCase_IsRoundedOrInvalid(float metres, int expected)
    {
        // 35 pixels run through the vector and the scalar path.
        ushort[] millimetres = new ushort[35];
        DepthImage.ToMillimetres([.. Enumerable.Repeat(metres, 35)], millimetres);
        Assert.All(millimetres, m => Assert.Equal(expected, m));
    }

    [Property]
    public void ToMillimetres_WhatToMetresGave_ComesBack(ushort[] millimetres)
    {
        ushort[] many = [.. Enumerable.Repeat(millimetres, 5).SelectMany(m => m)];
        float[] metres = new float[many.Length];
        ushort[] back = new ushort[many.Length];

        DepthImage.ToMetres(many, metres);
        DepthImage.ToMillimetres(metres, back);

        Assert.Equal(many, back);
        Assert.Equal(many.Select(m => m == 0), metres.Select(float.IsNaN));
    }

    [Fact]
    public void ToMillimetres_TooLittleRoom_Throws() =>
        Assert.Throws<ArgumentException>(() => DepthImage.ToMillimetres(new float[3], new ushort[2]));
}
