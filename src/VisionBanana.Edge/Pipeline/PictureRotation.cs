namespace VisionBanana.Edge.Pipeline;

/// <summary>How pictures are turned before anything looks at them.</summary>
public enum PictureRotation
{
    /// <summary>Pictures stay as the sensor saw them: a calibration describes the sensor.</summary>
    Sensor,

    /// <summary>Picture files are turned as they say (EXIF); a calibration is then that of the turned pictures.</summary>
    Exif,

    /// <summary>
    /// Every picture is turned clockwise by 90°. Calibration and mount are those of the camera as it delivers; they are turned with its pictures.
    /// </summary>
    Clockwise90,

    /// <summary>Every picture is turned by 180°; see <see cref="Clockwise90"/>.</summary>
    Clockwise180,

    /// <summary>Every picture is turned clockwise by 270°, which is 90° to the left; see <see cref="Clockwise90"/>.</summary>
    Clockwise270,
}
