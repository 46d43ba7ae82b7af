using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Tests.Scale;

public sealed class TapeMeasureTests
{
    [Fact]
    public void Result_PainterTooFar_IsTheFactorAndItsSpread()
    {
        var measure = new TapeMeasure(4, 0.5, 0.3);
        var random = new Random(1);
        PaintedWorld world = new();
        for (int i = 0; i < 50; i++)
        {
            world.Take(0.3 + (0.02 * ((2 * random.NextDouble()) - 1)));
            Assert.True(measure.Add(world.Painted, PaintedWorld.Camera));
        }

        TapeMeasurement found = measure.Result();

        // The wall is 4 m along z; the place lies a little aside of the axis.
        (double sx, double sy) = PaintedWorld.Camera.Unproject(48, 21);
        Assert.Equal(Math.Exp(-0.3) / Math.Sqrt((sx * sx) + (sy * sy) + 1), found.Factor, 0.01);
        Assert.InRange(found.Spread, 0.005, 0.02);
        Assert.Equal(50, found.Pictures);
        Assert.Equal(4, found.PaintedM * found.Factor, 1e-6);
    }

    [Fact]
    public void Result_NothingSeenOrNotSteady_SaysWhatToDo()
    {
        PaintedWorld world = new PaintedWorld().Take();
        float[] nothing = new float[world.Painted.Length];
        var blind = new TapeMeasure(2);
        Assert.False(blind.Add(nothing, PaintedWorld.Camera));
        Assert.Contains("point at a surface", Assert.Throws<CameraException>(blind.Result).Message, StringComparison.Ordinal);
        var unsteady = new TapeMeasure(2);
        for (int i = 0; i < 20; i++)
        {
            unsteady.Add(world.Take(i % 2).Painted, PaintedWorld.Camera);
        }

        Assert.Contains("not steady", Assert.Throws<CameraException>(unsteady.Result).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, 0.5, 0.5)]
    [InlineData(0, 0.5, 0.5)]
    [InlineData(2, 1.5, 0.5)]
    [InlineData(2, 0.5, double.NaN)]
    public void Create_OutOfRange_IsRefused(double known, double x, double y) => Assert.Throws<ConfigurationException>(() => new TapeMeasure(known, x, y));
}
