using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class LensTests
{
    [Theory]
    [InlineData("plumb_bob")]
    [InlineData("rational")]
    [InlineData("equidistant")]
    public void Unproject_EveryPixel_ProjectsBackToIt(string model)
    {
        CameraIntrinsics camera = Lenses.ByName(model);
        int solved = 0;
        for (int y = 0; y < camera.Height; y += 7)
        {
            for (int x = 0; x < camera.Width; x += 7)
            {
                (double sx, double sy) = camera.Unproject(x, y);
                if (double.IsNaN(sx))
                {
                    continue;
                }

                (double px, double py) = camera.Project(sx, sy);
                Assert.Equal(x, px, 1e-8);
                Assert.Equal(y, py, 1e-8);
                solved++;
            }
        }

        // The corners of the fisheye picture see past 90 degrees.
        Assert.InRange(solved, (model == "equidistant" ? 0.75 : 1) * (camera.Width / 7) * (camera.Height / 7), double.MaxValue);
    }

    [Property(MaxTest = 500)]
    public bool Project_RayInsideTheView_UnprojectsToItself(int model, ushort a, ushort b)
    {
        CameraIntrinsics camera = ((uint)model % 3) switch { 0 => Lenses.PlumbBob, 1 => Lenses.Rational, _ => Lenses.Equidistant };
        double x = ((a / 65535.0) - 0.5) * 1.1, y = ((b / 65535.0) - 0.5) * 0.8;
        (double px, double py) = camera.Project(x, y);
        (double sx, double sy) = camera.Unproject(px, py);
        return Math.Abs(sx - x) < 1e-9 && Math.Abs(sy - y) < 1e-9;
    }

    [Fact]
    public void Project_PlumbBob_FollowsTheFormula()
    {
        // x = 0.3, y = −0.2: r² = 0.13.
        var camera = new CameraIntrinsics(640, 480, 500, 400, 320, 240) { Distortion = [-0.2, 0.05, 0.001, -0.002, 0.01] };
        double radial = 1 - (0.2 * 0.13) + (0.05 * 0.0169) + (0.01 * 0.002197);
        double xd = (0.3 * radial) + (2 * 0.001 * -0.06) - (0.002 * (0.13 + 0.18)), yd = (-0.2 * radial) + (0.001 * (0.13 + 0.08)) - (2 * 0.002 * -0.06);

        (double x, double y) = camera.Project(0.3, -0.2);

        Assert.Equal(320 + (500 * xd), x, 1e-10);
        Assert.Equal(240 + (400 * yd), y, 1e-10);
    }

    [Fact]
    public void Project_EquidistantWithoutCoefficients_IsProportionalToTheAngle()
    {
        var camera = new CameraIntrinsics(640, 480, 300, 300, 320, 240) { DistortionModel = DistortionModel.Equidistant };

        (double x, double y) = camera.Project(1, 0);

        Assert.False(camera.IsPinhole);
        Assert.Equal(320 + (300 * Math.PI / 4), x, 1e-9);
        Assert.Equal(240, y, 1e-9);
    }

    [Fact]
    public void Project_PastTheFold_IsNaN()
    {
        // x − 0.3 x³ stops growing at x = 1.0541, where it reaches 0.7027.
        var camera = new CameraIntrinsics(640, 480, 400, 400, 320, 240) { Distortion = [-0.3, 0, 0, 0] };

        Assert.False(double.IsNaN(camera.Project(1.05, 0).X));
        Assert.True(double.IsNaN(camera.Project(1.06, 0).X));
        Assert.True(double.IsNaN(camera.Project(20, 0).X));
        Assert.False(double.IsNaN(camera.Unproject(320 + (400 * 0.702), 240).SlopeX));
        Assert.True(double.IsNaN(camera.Unproject(320 + (400 * 0.704), 240).SlopeX));
    }

    [Fact]
    public void Unproject_FisheyePixelBehindTheCamera_IsNaN()
    {
        var camera = new CameraIntrinsics(1000, 1000, 300, 300, 499.5, 499.5) { DistortionModel = DistortionModel.Equidistant, Distortion = [0, 0, 0, 0] };

        Assert.False(double.IsNaN(camera.Unproject(499.5 + (300 * 1.5), 499.5).SlopeX));
        Assert.True(double.IsNaN(camera.Unproject(499.5 + (300 * 1.6), 499.5).SlopeX));
    }

    [Fact]
    public void Project_CopyWithOtherCoefficients_DoesNotUseTheOldLens()
    {
        CameraIntrinsics bent = Lenses.PlumbBob;
        _ = bent.Project(0.4, 0.3);

        (double x, double y) = bent.Pinhole().Project(0.4, 0.3);

        Assert.Equal((bent.Fx * 0.4) + bent.Cx, x, 1e-12);
        Assert.Equal((bent.Fy * 0.3) + bent.Cy, y, 1e-12);
    }

    [Fact]
    public void Project_WrongNumberOfCoefficients_SaysHowManyThereAre()
    {
        var camera = new CameraIntrinsics(640, 480, 500, 500, 320, 240) { Distortion = [0.1, 0.2, 0.3] };

        var error = Assert.Throws<ArgumentException>(() => camera.Project(0, 0));

        Assert.Contains("4 or 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equals_SameNumbersInAnotherArray_IsEqual()
    {
        CameraIntrinsics copy = Lenses.PlumbBob with { Distortion = [.. Lenses.PlumbBob.Distortion] };

        Assert.Equal(Lenses.PlumbBob, copy);
        Assert.Equal(Lenses.PlumbBob.GetHashCode(), copy.GetHashCode());
        Assert.NotEqual(Lenses.PlumbBob, copy with { Distortion = [0, 0, 0, 0, 0] });
    }

    [Fact]
    public void RayTable_DistortedCamera_HoldsTheRayOfEachPixel()
    {
        RayTable rays = RayTable.Create(Lenses.PlumbBob);

        (double x, double y) = Lenses.PlumbBob.Unproject(600, 31);

        Assert.Equal(640 * 480, rays.SlopeX.Length);
        Assert.Equal(x, rays.SlopeX[(31 * 640) + 600], 1e-6);
        Assert.Equal(y, rays.SlopeY[(31 * 640) + 600], 1e-6);
    }
}
