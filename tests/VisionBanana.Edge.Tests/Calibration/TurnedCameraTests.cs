using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class TurnedCameraTests
{
    [Theory]
    [MemberData(nameof(Lenses.Names), MemberType = typeof(Lenses))]
    public void Turned_EveryModel_APointLandsAtTheTurnedPlace(string model)
    {
        CameraIntrinsics camera = Lenses.ByName(model) with { Fy = Lenses.ByName(model).Fy * 1.07 };
        for (int turns = -1; turns <= 4; turns++)
        {
            CameraIntrinsics turned = camera.Turned(turns);
            var rays = RayTable.Create(turned);
            int seen = 0;
            for (int y = 3; y < camera.Height; y += 31)
            {
                for (int x = 2; x < camera.Width; x += 29)
                {
                    (double rx, double ry, double rz) = camera.UnprojectRay(x, y);
                    (int px, int py) = Place(camera, turns, x, y);
                    if (double.IsNaN(rx))
                    {
                        Assert.True(double.IsNaN(turned.UnprojectRay(px, py).X));
                        continue;
                    }

                    (rx, ry) = Ray(turns, rx, ry);
                    (double u, double v) = turned.ProjectRay(rx, ry, rz);
                    Assert.Equal(px, u, 1e-7);
                    Assert.Equal(py, v, 1e-7);
                    (double bx, double by, double bz) = turned.UnprojectRay(px, py);
                    Assert.Equal(0, Math.Abs(bx - rx) + Math.Abs(by - ry) + Math.Abs(bz - rz), 1e-9);
                    int at = (py * turned.Width) + px;
                    if (rz > 0.1)
                    {
                        Assert.Equal(rx / rz, rays.SlopeX[at], 1e-4);
                        Assert.Equal(ry / rz, rays.SlopeY[at], 1e-4);
                    }

                    seen++;
                }
            }

            Assert.InRange(seen, 100, int.MaxValue);
        }
    }

    [Property(MaxTest = 300)]
    public bool Turned_AnyLens_ProjectsAndTurnsInEitherOrder(uint model, short a, short b, short c, short d, short x, short y, byte turns)
    {
        CameraIntrinsics camera = Lenses.Any((int)(model % 9), a / 32768.0, b / 32768.0, c / 32768.0, d / 32768.0);
        (double sx, double sy) = (x / 40000.0, y / 40000.0);
        (double u, double v) = camera.Project(sx, sy);
        (sx, sy) = Ray(turns, sx, sy);
        (double tu, double tv) = camera.Turned(turns).Project(sx, sy);
        (u, v) = Place(camera, turns, u, v);
        return (double.IsNaN(u) && double.IsNaN(tu)) || (Math.Abs(u - tu) < 1e-7 && Math.Abs(v - tv) < 1e-7);
    }

    [Fact]
    public void Turned_ASensorTiltedBothWays_HasASkewAlongYAndIsNotWrittenToAFile()
    {
        CameraIntrinsics turned = Lenses.ByName("tilted").Turned(1);
        Assert.NotEqual(0, turned.SkewY);
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Edge.Calibration.Formats.CalibrationFile.Format([new CalibratedCamera(turned)], "ros"));
        Assert.Contains("skew along y", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Lenses.ByName("thin_prism").Turned(1).SkewY);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Turned_AMountAndItsFloor_FollowThePicture(int turns)
    {
        CameraMount mount = CameraMount.OfBody("base_link", 0.1, 0.2, 0.7, UnitQuaternion.FromRpy(0.1, 0.3, -0.4)) with { FloorZ = 0.05 };
        CameraMount turned = mount.Turned(turns);
        (double x, double y) = Ray(turns, 0.3, -0.2);
        (double ex, double ey, double ez) = mount.ToParent(0.3, -0.2, 1);
        (double fx, double fy, double fz) = turned.ToParent(x, y, 1);
        Assert.Equal(0, Math.Abs(ex - fx) + Math.Abs(ey - fy) + Math.Abs(ez - fz), 1e-12);
        Assert.Equal(mount.HeightM, turned.HeightM);
        SupportPlane floor = SupportPlane.Of(mount).Turned(turns), own = SupportPlane.Of(turned);
        Assert.Equal(0, Math.Abs(floor.UpX - own.UpX) + Math.Abs(floor.UpY - own.UpY) + Math.Abs(floor.UpZ - own.UpZ), 1e-12);
        Assert.Equal(floor.HeightM, own.HeightM);
    }

    /// <summary>Where a pixel of a picture is after it was turned clockwise.</summary>
    private static (T X, T Y) Place<T>(CameraIntrinsics camera, int turns, T x, T y)
        where T : System.Numerics.INumber<T> => (turns & 3) switch
        {
            0 => (x, y),
            1 => (T.CreateChecked(camera.Height - 1) - y, x),
            2 => (T.CreateChecked(camera.Width - 1) - x, T.CreateChecked(camera.Height - 1) - y),
            _ => (y, T.CreateChecked(camera.Width - 1) - x),
        };

    private static (double X, double Y) Ray(int turns, double x, double y) => (turns & 3) switch { 0 => (x, y), 1 => (-y, x), 2 => (-x, -y), _ => (y, -x) };
}
