namespace VisionBanana.Edge.Pipeline;

/// <summary>The settings of <see cref="CameraSourceOptions"/> that not every kind of source takes.</summary>
[Flags]
public enum SourceSettings
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="CameraSourceOptions.Pace"/>.</summary>
    Pace = 1 << 0,

    /// <summary><see cref="CameraSourceOptions.Loop"/>.</summary>
    Loop = 1 << 1,

    /// <summary><see cref="CameraSourceOptions.FramesPerSecond"/>.</summary>
    Rate = 1 << 2,

    /// <summary><see cref="CameraSourceOptions.Width"/> and <see cref="CameraSourceOptions.Height"/>.</summary>
    Size = 1 << 3,

    /// <summary><see cref="CameraSourceOptions.FourCc"/>.</summary>
    FourCc = 1 << 4,

    /// <summary><see cref="CameraSourceOptions.Topic"/>.</summary>
    Topic = 1 << 5,

    /// <summary><see cref="CameraSourceOptions.HorizontalFovDegrees"/>.</summary>
    FieldOfView = 1 << 6,

    /// <summary><see cref="CameraSourceOptions.OpenTimeout"/> and <see cref="CameraSourceOptions.StallTimeout"/>.</summary>
    Timeouts = 1 << 7,

    /// <summary><see cref="CameraSourceOptions.FfmpegOptions"/>.</summary>
    Ffmpeg = 1 << 8,

    /// <summary><see cref="CameraSourceOptions.RedirectHosts"/>.</summary>
    Redirects = 1 << 9,

    /// <summary><see cref="CameraSourceOptions.Scale"/>.</summary>
    Scale = 1 << 10,

    /// <summary><see cref="PictureRotation.Exif"/> as <see cref="CameraSourceOptions.Rotation"/>; quarter turns are for every kind.</summary>
    Rotation = 1 << 11,

    /// <summary><see cref="CameraSourceOptions.RawFormat"/>.</summary>
    RawFormat = 1 << 12,
}
