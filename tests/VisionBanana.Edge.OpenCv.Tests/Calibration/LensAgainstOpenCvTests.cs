using OpenCvSharp;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

/// <summary>Our lens models against OpenCV's, which are the ones ROS calibrators solve for.</summary>
public sealed class LensAgainstOpenCvTests
{
    private static readonly CameraIntrinsics PlumbBob = new(640, 480, 535.915733961632, 530.1, 342.283154733084, 235.570829097882)
    {
        Distortion = [-0.266372609096609, -0.0385888989223047, 0.0017831947042853, -2.81221004411155e-4, 0.238391530808785],
    };

    private static readonly CameraIntrinsics Rational = new(1280, 720, 610.2, 609.8, 638.4, 365.1)
    {
        DistortionModel = DistortionModel.RationalPolynomial,
        Distortion = [0.5214, -2.7121, 6.2e-4, -1.9e-4, 1.5604, 0.4012, -2.5203, 1.4812],
    };

    private static readonly CameraIntrinsics Equidistant = new(848, 800, 285.1, 286.0, 421.3, 398.6)
    {
        DistortionModel = DistortionModel.Equidistant,
        Distortion = [-0.0071, 0.0428, -0.0403, 0.0073],
    };

    private static readonly CameraIntrinsics ThinPrism = Rational with { Distortion = [.. Rational.Distortion, 1.2e-3, -4e-4, -9e-4, 3e-4] };

    private static readonly CameraIntrinsics Tilted = Rational with { Distortion = [.. ThinPrism.Distortion, 0.02, -0.03] };

    public static TheoryData<string> Models => ["plumb_bob", "rational", "thin_prism", "tilted", "equidistant"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Project_SlopesOverTheView_AgreesWithOpenCv(string model)
    {
        CameraIntrinsics camera = ByName(model);
        Point2d[] slopes = [.. Grid(0.5, 0.4)];

        Point2d[] expected = camera.DistortionModel == DistortionModel.Equidistant ? FisheyeDistort(camera, slopes) : ProjectPoints(camera, slopes);

        for (int i = 0; i < slopes.Length; i++)
        {
            (double x, double y) = camera.Project(slopes[i].X, slopes[i].Y);
            Assert.Equal(expected[i].X, x, 1e-6);
            Assert.Equal(expected[i].Y, y, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Unproject_PixelsOfThePicture_AgreesWithOpenCv(string model)
    {
        CameraIntrinsics camera = ByName(model);
        double part = camera.DistortionModel == DistortionModel.Equidistant ? 0.32 : 0.5; // Past it a fisheye sees backwards: OpenCV clamps, we say NaN.
        Point2d[] pixels = [.. Grid(part, part).Select(p => new Point2d((p.X + 0.5) * (camera.Width - 1), (p.Y + 0.5) * (camera.Height - 1)))];

        Point2d[] expected = Undistort(camera, pixels);

        for (int i = 0; i < pixels.Length; i++)
        {
            (double x, double y) = camera.Unproject(pixels[i].X, pixels[i].Y);
            Assert.Equal(expected[i].X, x, 1e-6);
            Assert.Equal(expected[i].Y, y, 1e-6);
        }
    }

    [Fact]
    public void Project_EveryPixelOfAPinhole_IsInitUndistortRectifyMap()
    {
        CameraIntrinsics target = CameraIntrinsics.FromHorizontalFov(192, 144, 55);
        using var mapX = new Mat();
        using var mapY = new Mat();
        using Mat k = K(PlumbBob), d = D(PlumbBob), p = K(target), r = Mat.Eye(3, 3, MatType.CV_64F).ToMat();

        Cv2.InitUndistortRectifyMap(k, d, r, p, new Size(192, 144), MatType.CV_32FC1, mapX, mapY);

        for (int y = 0; y < 144; y++)
        {
            for (int x = 0; x < 192; x++)
            {
                (double sx, double sy) = target.Unproject(x, y);
                (double px, double py) = PlumbBob.Project(sx, sy);
                Assert.Equal(mapX.At<float>(y, x), px, 1e-4); // float pixels of a picture 640 wide step by 6e-5
                Assert.Equal(mapY.At<float>(y, x), py, 1e-4);
            }
        }
    }

    private static CameraIntrinsics ByName(string model) => model switch
    {
        "plumb_bob" => PlumbBob,
        "rational" => Rational,
        "thin_prism" => ThinPrism,
        "tilted" => Tilted,
        _ => Equidistant,
    };

    private static IEnumerable<Point2d> Grid(double x, double y) =>
        from i in Enumerable.Range(-10, 21) from j in Enumerable.Range(-10, 21) select new Point2d(x * i / 10, y * j / 10);

    private static Mat K(CameraIntrinsics c)
    {
        var k = new Mat(3, 3, MatType.CV_64F);
        k.SetArray([c.Fx, 0, c.Cx, 0, c.Fy, c.Cy, 0, 0, 1.0]);
        return k;
    }

    private static Mat D(CameraIntrinsics c)
    {
        var d = new Mat(1, c.Distortion.Length, MatType.CV_64F);
        d.SetArray(c.Distortion.ToArray());
        return d;
    }

    private static Mat Points(Point2d[] points)
    {
        var mat = new Mat(points.Length, 1, MatType.CV_64FC2);
        mat.SetArray(points);
        return mat;
    }

    private static Point2d[] ProjectPoints(CameraIntrinsics camera, Point2d[] slopes)
    {
        using Mat k = K(camera), d = D(camera), zero = new(3, 1, MatType.CV_64F, Scalar.All(0)), pixels = new();
        using var points = new Mat(slopes.Length, 1, MatType.CV_64FC3);
        points.SetArray(slopes.Select(s => new Point3d(s.X, s.Y, 1)).ToArray());
        Cv2.ProjectPoints(points, zero, zero, k, d, pixels);
        pixels.GetArray(out Point2d[] result);
        return result;
    }

    private static Point2d[] FisheyeDistort(CameraIntrinsics camera, Point2d[] slopes)
    {
        using Mat k = K(camera), d = D(camera), points = Points(slopes), pixels = new();
        Cv2.FishEye.DistortPoints(points, pixels, k, d);
        pixels.GetArray(out Point2d[] result);
        return result;
    }

    private static Point2d[] Undistort(CameraIntrinsics camera, Point2d[] pixels)
    {
        using Mat k = K(camera), d = D(camera), points = Points(pixels), slopes = new(), none = new();
        if (camera.DistortionModel == DistortionModel.Equidistant)
        {
            Cv2.FishEye.UndistortPoints(points, slopes, k, d);
        }
        else
        {
            Cv2.UndistortPointsIter(points, slopes, k, d, none, none, new TermCriteria(CriteriaTypes.Count | CriteriaTypes.Eps, 200, 1e-13));
        }

        slopes.GetArray(out Point2d[] result);
        return result;
    }
}
