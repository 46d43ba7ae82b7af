using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class CalibrationLintTests
{
    private static readonly CameraIntrinsics Sound = new(640, 480, 536.07, 535.9, 342.4, 235.5) { Distortion = [-0.2806, -0.0252, 0.0012, -0.0001, 0.1639] };

    [Fact]
    public void Examine_RealCalibration_FindsNothing() => Assert.Empty(CalibrationLint.Examine(Sound));

    [Fact]
    public void Examine_CalibrationOfHalfTheSize_NamesTheSizeItMayBelongTo() =>
        Assert.Contains("(686×472?)", Assert.Single(CalibrationLint.Examine(Sound with { Width = 1280, Height = 960 })).What, StringComparison.Ordinal);

    [Fact]
    public void Examine_StretchedPictures_AreSeenByTheirFocalLengths() =>
        Assert.Contains("fy / fx is 0.750", Assert.Single(CalibrationLint.Examine(Sound with { Fy = Sound.Fx * 0.75 })).What, StringComparison.Ordinal);

    [Fact]
    public void Examine_NumbersFromADataSheet_AreNoCalibration() =>
        Assert.Contains(
            "somebody computed", Assert.Single(CalibrationLint.Examine(CameraIntrinsics.FromHorizontalFov(640, 480, 60))).What, StringComparison.Ordinal);

    [Fact]
    public void Examine_FitThatFoldsBack_SaysWhere() =>
        // r (1 − 0.55 r²) is never above 0.519: the corners (0.78) and the sides (0.64) are beyond, the top and bottom (0.44) are not.
        Assert.Contains(
            "folds back before 6 of 8", Assert.Single(CalibrationLint.Examine(Sound with { Distortion = [-0.55, 0, 0, 0, 0] })).What, StringComparison.Ordinal);

    [Fact]
    public void Examine_FisheyeCalibratedAsAPinhole_IsTooWide() =>
        Assert.Contains("calibrate a fisheye as equidistant",
            CalibrationLint.Examine(Sound with { Fx = 150, Fy = 150, Distortion = [0.001, 0, 0, 0, 0] })[0].What, StringComparison.Ordinal);

    [Theory]
    [InlineData(640, 360, LintSeverity.Error)]
    [InlineData(1280, 960, LintSeverity.Warning)]
    [InlineData(320, 240, LintSeverity.Warning)]
    public void Examine_PicturesOfAnotherSize_StopOnlyWhenTheAspectDiffers(int width, int height, LintSeverity severity)
    {
        LintFinding finding = Assert.Single(CalibrationLint.Examine(Sound, (width, height)));

        Assert.Equal(("picture_size", severity), (finding.Rule, finding.Severity));
    }

    [Fact]
    public void Examine_PicturesOfItsSize_FindsNothing() => Assert.Empty(CalibrationLint.Examine(Sound, (640, 480)));

    [Fact]
    public void Examine_FocalLengthInMillimetres_IsAnError() =>
        Assert.Equal(LintSeverity.Error, Assert.Single(CalibrationLint.Examine(Sound with { Fx = 3.6, Fy = 3.6 })).Severity);

    [Fact]
    public void Examine_HdCalibrationForVga_IsSeen()
    {
        IReadOnlyList<LintFinding> findings = CalibrationLint.Examine(new CameraIntrinsics(640, 480, 1201, 1202.2, 638.4, 241.3));

        Assert.Contains(findings, f => f is { Severity: LintSeverity.Error });
    }

    [Fact]
    public void Examine_FisheyeReadAsRadial_StopsAndTellsTheRadius()
    {
        var camera = new CameraIntrinsics(848, 800, 285.1, 286.0, 421.3, 398.6) { Distortion = [-0.6, 0.1, 0, 0] };

        LintFinding finding = Assert.Single(CalibrationLint.Examine(camera), f => f.Rule == "fold");

        Assert.Equal(LintSeverity.Error, finding.Severity);
        Assert.Contains("pixels from the principal point", finding.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 0, 0.12, "mirrors")]
    [InlineData(1, 0.1, 0.12, "is none")]
    [InlineData(1, 0, 120, "millimetres")]
    public void Examine_BadPose_IsNamed(double first, double shear, double x, string expected)
    {
        var camera = new CalibratedCamera(Sound) { Pose = new CameraPose("left", [first, shear, 0, x, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]) };

        Assert.Contains(CalibrationLint.Examine(camera), f => f.What.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Examine_ProjectionOfAnotherSize_DisagreesWithTheCameraMatrix()
    {
        var camera = new CalibratedCamera(Sound) { Projection = [1072, 0, 684, 0, 0, 1072, 471, 0, 0, 0, 1, 0] };

        Assert.Equal("projection", Assert.Single(CalibrationLint.Examine(camera)).Rule);
    }
}
