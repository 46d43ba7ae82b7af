using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class LensTests
{
    [Theory]
    [MemberData(nameof(Lenses.Names), MemberType = typeof(Lenses))]
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

        // The corners of fisheye pictures see past 90 degrees.
        Assert.InRange(solved, (model is "equidistant" or "skewed" or "double_sphere" or "extended_unified" ? 0.75 : 1) * (
            camera.Width / 7) * (camera.Height / 7), double.MaxValue);
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

    [Theory]
    [MemberData(nameof(Lenses.Names), MemberType = typeof(Lenses))]
    public void Project_RaysOverTheWholeView_UnprojectToThemselvesOrAreMasked(string model)
    {
        CameraIntrinsics camera = Lenses.ByName(model);
        int seen = 0;
        for (int i = 0; i < 4000; i++)
        {
            double angle = 89 * Math.PI / 180 * (i % 80) / 79, turn = 2 * Math.PI * (i / 80) / 50, slope = Math.Tan(angle);
            (double x, double y) = camera.Project(slope * Math.Cos(turn), slope * Math.Sin(turn));
            if (!(x >= -0.5 && x < camera.Width - 0.5 && y >= -0.5 && y < camera.Height - 0.5))
            {
                continue;
            }

            // What the picture sees it sees once: a pixel's ray is the one that landed there.
            (double sx, double sy) = camera.Unproject(x, y);
            (double px, double py) = camera.Project(sx, sy);
            Assert.Equal(x, px, 1e-6);
            Assert.Equal(y, py, 1e-6);
            Assert.Equal(angle, Math.Atan(Math.Sqrt((sx * sx) + (sy * sy))), 1e-7);
            seen++;
        }

        Assert.True(seen > 500, $"{seen} rays");
    }

    [Property(MaxTest = 200)]
    public bool Unproject_AnyPlumbBob_IsTheInverseWhereItIsNotMasked(short k1, short k2, short p1, short p2, short k3)
    {
        var camera = new CameraIntrinsics(640, 480, 420, 420, 319.5, 239.5)
        {
            Distortion = [k1 / 40000.0, k2 / 40000.0, p1 / 3e6, p2 / 3e6, k3 / 80000.0],
        };
        for (int i = 0; i < 200; i++)
        {
            double x = (i % 20) * 33.6, y = (i / 20) * 53.2;
            (double sx, double sy) = camera.Unproject(x, y);
            (double px, double py) = camera.Project(sx, sy);
            if (!double.IsNaN(sx) && !(Math.Abs(px - x) < 1e-6 && Math.Abs(py - y) < 1e-6))
            {
                return false;
            }
        }

        return true;
    }

    [Fact]
    public void Unproject_InverseBrownConrady_IsRealSensesFormula()
    {
        CameraIntrinsics camera = Lenses.ByName("inverse_brown");
        double x = (600 - camera.Cx) / camera.Fx, y = (40 - camera.Cy) / camera.Fy, r2 = (x * x) + (y * y);
        double[] c = [.. camera.Distortion];
        double f = 1 + (c[0] * r2) + (c[1] * r2 * r2) + (c[4] * r2 * r2 * r2);

        (double sx, double sy) = camera.Unproject(600, 40);

        Assert.Equal((x * f) + (2 * c[2] * x * y) + (c[3] * (r2 + (2 * x * x))), sx, 1e-12);
        Assert.Equal((y * f) + (2 * c[3] * x * y) + (c[2] * (r2 + (2 * y * y))), sy, 1e-12);
    }

    [Fact]
    public void Unproject_DoubleSphere_IsThePapersClosedForm()
    {
        CameraIntrinsics camera = Lenses.ByName("double_sphere");
        (double xi, double alpha) = (camera.Distortion[0], camera.Distortion[1]);
        double mx = (400 - camera.Cx) / camera.Fx, my = (130 - camera.Cy) / camera.Fy, r2 = (mx * mx) + (my * my);
        double mz = (1 - (alpha * alpha * r2)) / ((alpha * Math.Sqrt(1 - (((2 * alpha) - 1) * r2))) + 1 - alpha);
        double k = ((mz * xi) + Math.Sqrt((mz * mz) + ((1 - (xi * xi)) * r2))) / ((mz * mz) + r2), z = (k * mz) - xi;

        (double sx, double sy) = camera.Unproject(400, 130);

        Assert.Equal(k * mx / z, sx, 1e-10);
        Assert.Equal(k * my / z, sy, 1e-10);
    }

    [Fact]
    public void Unproject_ExtendedUnified_IsThePapersClosedForm()
    {
        CameraIntrinsics camera = Lenses.ByName("extended_unified");
        (double alpha, double beta) = (camera.Distortion[0], camera.Distortion[1]);
        double mx = (400 - camera.Cx) / camera.Fx, my = (130 - camera.Cy) / camera.Fy, r2 = (mx * mx) + (my * my);
        double mz = (1 - (beta * alpha * alpha * r2)) / ((alpha * Math.Sqrt(1 - (((2 * alpha) - 1) * beta * r2))) + 1 - alpha);

        (double sx, double sy) = camera.Unproject(400, 130);

        Assert.Equal(mx / mz, sx, 1e-10);
        Assert.Equal(my / mz, sy, 1e-10);
    }

    [Fact]
    public void HorizontalFovDegrees_ModelThatScalesItsFocalLength_IsThatOfThePinhole()
    {
        CameraIntrinsics camera = Lenses.ByName("omni"), pinhole = camera.Pinhole();
        (double x, double y) = camera.Project(1e-4, 2e-4);
        (double px, double py) = pinhole.Project(1e-4, 2e-4);

        Assert.Equal(pinhole.HorizontalFovDegrees, camera.HorizontalFovDegrees, 1e-9);
        Assert.Equal(px, x, 1e-5);
        Assert.Equal(py, y, 1e-5);
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
