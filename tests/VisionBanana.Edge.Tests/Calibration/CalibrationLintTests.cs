using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

public sealed class CalibrationLintTests
{
    private static readonly CameraIntrinsics Sound = new(640, 480, 536.07, 535.9, 342.4, 235.5) { Distortion = [-0.2806, -0.0252, 0.0012, -0.0001, 0.1639] };

    [Fact]
    public void Examine_RealCalibration_FindsNothing() => Assert.Empty(CalibrationLint.Examine(Sound));

    [Fact]
    public void Examine_CalibrationOfHalfTheSize_NamesTheSizeItMayBelongTo() =>
        Assert.Contains("(686×472?)", Assert.Single(CalibrationLint.Examine(Sound with { Width = 1280, Height = 960 })), StringComparison.Ordinal);

    [Fact]
    public void Examine_StretchedPictures_AreSeenByTheirFocalLengths() =>
        Assert.Contains("fy / fx is 0.750", Assert.Single(CalibrationLint.Examine(Sound with { Fy = Sound.Fx * 0.75 })), StringComparison.Ordinal);

    [Fact]
    public void Examine_NumbersFromADataSheet_AreNoCalibration() =>
        Assert.Contains("somebody computed", Assert.Single(CalibrationLint.Examine(CameraIntrinsics.FromHorizontalFov(640, 480, 60))), StringComparison.Ordinal);

    [Fact]
    public void Examine_FitThatFoldsBack_SaysWhere() =>
        // r (1 − 0.55 r²) is never above 0.519: the corners (0.78) and the sides (0.64) are beyond, the top and bottom (0.44) are not.
        Assert.Contains(
            "folds back before 6 of 8", Assert.Single(CalibrationLint.Examine(Sound with { Distortion = [-0.55, 0, 0, 0, 0] })), StringComparison.Ordinal);

    [Fact]
    public void Examine_FisheyeCalibratedAsAPinhole_IsTooWide() =>
        Assert.Contains("calibrate a fisheye as equidistant", CalibrationLint.Examine(Sound with { Fx = 150, Fy = 150, Distortion = [0.001, 0, 0, 0, 0] })[0], StringComparison.Ordinal);
}
