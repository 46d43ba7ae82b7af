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

    [Theory]
    [InlineData("equidistant", 0.99, 110)]
    [InlineData("double_sphere", 0.7, 100)]
    [InlineData("extended_unified", 0.7, 100)]
    [InlineData("skewed", 0.99, 110)]
    public void UnprojectRay_CornersOfAFisheye_SeeBehindTheCameraAndProjectBack(string model, double part, double widest)
    {
        CameraIntrinsics camera = Lenses.ByName(model);
        int seen = 0, behind = 0;
        double farthest = 0;
        for (int i = 0; i < camera.Width * camera.Height; i += 13)
        {
            (double px, double py) = (i % camera.Width, i / camera.Width);
            (double x, double y, double z) = camera.UnprojectRay(px, py);
            if (double.IsNaN(x))
            {
                continue;
            }

            (double qx, double qy) = camera.ProjectRay(3 * x, 3 * y, 3 * z);
            Assert.Equal(px, qx, 1e-6);
            Assert.Equal(py, qy, 1e-6);
            Assert.Equal(1, (x * x) + (y * y) + (z * z), 1e-12);
            seen++;
            behind += z < 0 ? 1 : 0;
            farthest = Math.Max(farthest, double.RadiansToDegrees(Math.Acos(z)));
        }

        Assert.True(seen > part * camera.Width * camera.Height / 13, $"{seen} rays");
        Assert.True(behind > 100 && farthest > widest, $"{behind} behind, {farthest}°");
    }

    [Property(MaxTest = 300)]
    public bool UnprojectRay_AnyLensOfEachModel_IsTheInverseWhereItIsNotMasked(int model, short a, short b, short c, short d)
    {
        CameraIntrinsics camera = Lenses.Any((int)((uint)model % 9), a / 32768.0, b / 32768.0, c / 32768.0, d / 32768.0);
        for (int i = 0; i < 300; i++)
        {
            double x = (i % 20) * 33.6, y = (i / 20) * 33.2;
            (double rx, double ry, double rz) = camera.UnprojectRay(x, y);
            (double px, double py) = camera.ProjectRay(rx, ry, rz);
            if (!double.IsNaN(rx) && !(Math.Abs(px - x) < 1e-6 && Math.Abs(py - y) < 1e-6))
            {
                return false;
            }
        }

        return true;
    }

    [Property(MaxTest = 300)]
    public bool ProjectRay_AnyLensOfEachModel_HasOnePlaceForEachRayOfThePicture(int model, short a, short b, short c, short d)
    {
        CameraIntrinsics camera = Lenses.Any((int)((uint)model % 9), a / 32768.0, b / 32768.0, c / 32768.0, d / 32768.0);
        for (int i = 0; i < 300; i++)
        {
            double angle = Math.PI * (i % 30) / 30, turn = 2 * Math.PI * (i / 30) / 10;
            (double s, double z) = Math.SinCos(angle);
            (double x, double y) = camera.ProjectRay(s * Math.Cos(turn), s * Math.Sin(turn), z);
            if (!(x >= 0 && x < camera.Width && y >= 0 && y < camera.Height))
            {
                continue;
            }

            // A ray that lands in the picture is the ray of its pixel, or lies where the model is so steep that a pixel is many rays.
            (double rx, double ry, double rz) = camera.UnprojectRay(x, y);
            (double px, double py) = camera.ProjectRay(rx, ry, rz);
            if (double.IsNaN(rx) || !(Math.Abs(px - x) < 1e-6 && Math.Abs(py - y) < 1e-6) || Math.Abs(Math.Acos(Math.Clamp(rz, -1, 1)) - angle) > 1e-5)
            {
                return false;
            }
        }

        return true;
    }

    [Fact]
    public void UnprojectRay_EquidistantWithoutCoefficients_IsProportionalToTheRadiusPast90Degrees()
    {
        var camera = new CameraIntrinsics(1000, 1000, 200, 200, 499.5, 499.5) { DistortionModel = DistortionModel.Equidistant };

        (double x, double y, double z) = camera.UnprojectRay(499.5 + (200 * 2.2), 499.5);

        Assert.Equal(Math.Sin(2.2), x, 1e-12);
        Assert.Equal(0, y, 1e-12);
        Assert.Equal(Math.Cos(2.2), z, 1e-12);
        Assert.True(double.IsNaN(camera.ProjectRay(0, 0, -1).X), "straight behind there is no one place");
    }

    [Theory]
    [MemberData(nameof(Lenses.Names), MemberType = typeof(Lenses))]
    public void RayTable_EveryModel_HoldsTheRayOfEachPixel(string model)
    {
        CameraIntrinsics camera = Lenses.ByName(model);
        RayTable rays = RayTable.Create(camera);
        ReadOnlySpan<float> directions = rays.Directions;

        Assert.Equal(camera.Width * camera.Height, rays.SlopeX.Length);
        Assert.Equal(3 * camera.Width * camera.Height, directions.Length);
        for (int i = 0; i < rays.SlopeX.Length; i += 5)
        {
            (double sx, double sy) = camera.Unproject(i % camera.Width, i / camera.Width);
            (double x, double y, double z) = camera.UnprojectRay(i % camera.Width, i / camera.Width);
            Assert.True(double.IsNaN(sx) == float.IsNaN(rays.SlopeX[i]) && double.IsNaN(x) == float.IsNaN(directions[3 * i]), $"pixel {i}");
            if (!double.IsNaN(sx))
            {
                Assert.Equal(sx, rays.SlopeX[i], 1e-6 * (1 + Math.Abs(sx)));
                Assert.Equal(sy, rays.SlopeY[i], 1e-6 * (1 + Math.Abs(sy)));
            }

            if (!double.IsNaN(x))
            {
                Assert.Equal(x, directions[3 * i], 1e-6);
                Assert.Equal(y, directions[(3 * i) + 1], 1e-6);
                Assert.Equal(z, directions[(3 * i) + 2], 1e-6);
            }
        }
    }

    [Fact]
    public void RayTable_SameCameraAndSize_IsWorkedOutOnce()
    {
        RayTable rays = RayTable.Create(Lenses.PlumbBob), again = RayTable.Create(Lenses.PlumbBob with { Distortion = [.. Lenses.PlumbBob.Distortion] });
        RayTable small = RayTable.Create(Lenses.PlumbBob.Resized(320, 240));

        Assert.Same(rays, again);
        Assert.NotSame(rays, small);
        Assert.Equal(320 * 240, small.SlopeX.Length);
        Assert.Equal(rays.SlopeX[(241 * 640) + 301], small.SlopeX[(120 * 320) + 150], 0.01f);
    }

    [Theory]
    [InlineData(1280, 960)]
    [InlineData(320, 240)]
    [InlineData(213, 160)]
    public void ScaledTo_SameAspect_SeesTheSameRays(int width, int height)
    {
        CameraIntrinsics scaled = Lenses.PlumbBob.ScaledTo(width, height);

        (double x, double y) = scaled.Project(0.2, -0.1);
        (double fullX, double fullY) = Lenses.PlumbBob.Project(0.2, -0.1);

        Assert.Equal((width, height), (scaled.Width, scaled.Height));
        Assert.Equal((fullX + 0.5) * width / 640, x + 0.5, 1e-9);
        Assert.Equal((fullY + 0.5) * height / 480, y + 0.5, 1e-9);
    }

    [Theory]
    [InlineData(640, 360)]
    [InlineData(480, 640)]
    [InlineData(320, 243)]
    public void ScaledTo_AnotherAspect_IsRefusedWithBothSizes(int width, int height)
    {
        var error = Assert.Throws<CameraException>(() => Lenses.PlumbBob.ScaledTo(width, height));

        Assert.Contains("is for 640×480", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{width}×{height}", error.Message, StringComparison.Ordinal);
    }
}
