using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Calibration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using static VisionBanana.Edge.OpenCv.Tests.Calibration.RenderedBoards;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

/// <summary>What is shown while a board is moved, and what live pictures say of a calibration.</summary>
public sealed class LiveCalibrationTests
{
    [Fact]
    public void Score_ViewsFromEverywhere_GrowsAndSaysWhatLacks()
    {
        using CalibrationTarget target = Make("chessboard");
        var collector = new ViewCollector(target);
        Mat[] pictures = [.. Render(target, Known)];
        var scores = new List<double>();
        foreach (Mat picture in pictures)
        {
            collector.Add($"view {scores.Count}", picture);
            scores.Add(collector.Score.Total);
        }

        Assert.True(scores[0] < 0.5, $"{scores[0]}");
        Assert.True(scores[^1] > scores[0] + 0.2, $"{scores[0]}, {scores[^1]}");
        Assert.Equal(default, new ViewCollector(target).Score);
        Array.ForEach(pictures, p => p.Dispose());
    }

    [Fact]
    public void LensCheck_RealBoards_FitTheirCalibrationAndNotThatOfAnotherZoom()
    {
        string folder = Nearby.SharedData("boards");
        CameraIntrinsics left = new(640, 480, 535.9, 535.9, 342.28, 235.57)
        {
            Distortion = [-0.266372609096609, -0.0385888989223047, 0.0017831947042853, -2.81221004411155e-4, 0.238391530808785],
        };
        LensCheck right = new(left), zoomed = new(left with { Fx = left.Fx * 1.5, Fy = left.Fy * 1.5 }), straight = new(left.Pinhole());
        foreach (string file in Directory.GetFiles(folder, "left*.jpg").Order(StringComparer.Ordinal))
        {
            using CameraFrame picture = PictureFile.Read(file);
            right.Add(picture);
            zoomed.Add(picture);
            straight.Add(picture);
        }

        Assert.True(right.Fits, $"{right.Bend} ± {right.Uncertainty} of {right.Edges}");
        Assert.False(zoomed.Fits, $"{zoomed.Bend} ± {zoomed.Uncertainty} of {zoomed.Edges}");
        Assert.Null(straight.Fits);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(4, false)]
    public void FocusCheck_RealPictures_AreSharpUntilTheyAreBlurred(double sigma, bool isSharp)
    {
        var check = new FocusCheck();
        foreach (string file in Directory.GetFiles(Nearby.SharedData("boards"), "left*.jpg").Order(StringComparer.Ordinal).Take(4))
        {
            using Mat picture = Cv2.ImRead(file, ImreadModes.Grayscale);
            if (sigma > 0)
            {
                Cv2.GaussianBlur(picture, picture, new Size(0, 0), sigma);
            }

            check.Add(picture);
        }

        Assert.Equal(isSharp, check.IsSharp);
        Assert.InRange(check.BlurPx!.Value, sigma * 0.3, sigma + 1.5);
    }

    [Fact]
    public void FocusCheck_AnEmptyScene_CannotBeJudged()
    {
        using var wall = new Mat(480, 640, MatType.CV_8UC1, new Scalar(130));
        var check = new FocusCheck();
        check.Add(wall);
        Assert.Null(check.IsSharp);
    }

    [Fact]
    public void CoveragePicture_BoardInThePicture_IsDrawnAsJpeg()
    {
        using CalibrationTarget target = Make("chessboard");
        var collector = new ViewCollector(target);
        using CameraFrame picture = PictureFile.Read(Path.Combine(Nearby.SharedData("boards"), "left01.jpg"));
        collector.Add("left01", picture);

        using Mat drawn = Cv2.ImDecode(CoveragePicture.Draw(picture, collector), ImreadModes.Color);

        Assert.Equal((640, 480), (drawn.Width, drawn.Height));
        FoundPoint corner = collector.LastPoints[0];
        Vec3b dot = drawn.At<Vec3b>((int)corner.Y, (int)corner.X);
        Assert.True(dot.Item2 > 180 && dot.Item0 < 90, $"{dot}");
    }
}
