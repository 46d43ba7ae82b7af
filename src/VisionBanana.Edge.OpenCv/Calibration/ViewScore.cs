namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>How much the views so far determine a camera, each part from 0 to 1.</summary>
/// <param name="Coverage">Parts of the picture in which points were seen.</param>
/// <param name="Views">Their number, of the 15 that are good.</param>
/// <param name="Tilt">How far the most tilted boards were foreshortened, of what 35° give: without tilt the focal length is not determined.</param>
/// <param name="Distance">How much the boards differ in size, of a factor of two.</param>
public readonly record struct ViewScore(double Coverage, double Views, double Tilt, double Distance)
{
    /// <summary>All of it, 0 to 1.</summary>
    public double Total => (0.4 * Coverage) + (0.2 * Views) + (0.25 * Tilt) + (0.15 * Distance);

    /// <summary>What to do next, in words; empty when nothing is lacking.</summary>
    public string Advice => Views >= 1 && Tilt >= 1 && Distance >= 1 && Coverage >= 0.8 ? ""
        : Tilt < 0.8 ? "tilt the board by 30° to 45°, to each side and up and down"
        : Coverage < 0.8 ? "show the board where the picture is not green yet"
        : Distance < 0.8 ? "bring the board nearer, and farther away"
        : "show more views";
}
