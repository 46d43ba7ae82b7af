using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>Every format of calibration files. A new one is a file beside these and a line here.</summary>
internal static class CalibrationFormats
{
    public static readonly ImmutableArray<CalibrationFormat> All =
    [
        new RosFormat(),
        new OpenCvFormat("opencv", isXml: false),
        new OpenCvFormat("opencv-xml", isXml: true),
        new KalibrFormat(),
        new EurocFormat(),
        new OrbSlamFormat(),
        new BasaltFormat(),
        new DepthAiFormat(),
        new ZedFormat(),
        new RealSenseFormat(),
        new ColmapTextFormat(),
        new ColmapBinaryFormat(),
        new NerfstudioFormat(),
        new MatlabFormat(),
    ];

    /// <summary>The words for them, in one line.</summary>
    public static string Names => string.Join(", ", All.Select(f => f.Name));
}
