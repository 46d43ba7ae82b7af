namespace VisionBanana.Edge.Pipeline;

/// <summary>What becomes of the rotation that picture files name (EXIF).</summary>
public enum PictureRotation
{
    /// <summary>Pictures stay as the sensor saw them: a calibration describes the sensor.</summary>
    Sensor,

    /// <summary>Pictures are turned upright; a calibration is then that of the turned pictures.</summary>
    Exif,
}
