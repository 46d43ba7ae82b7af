using System.CommandLine;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Options, checks and logging that are the same on every verb.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Report as JSON on standard output (snake_case keys)." };

    public static Option<string?> Source() => new("--source")
    {
        Description = "Pictures from here instead: a video, an image or a folder of images, /dev/videoN, rtsp://… or http://…, or a recording (.mcap, "
            + ".mcap.zstd, .db3, or a bag folder).",
    };

    public static Option<string?> Topic() => new("--topic")
    {
        Description = "Which pictures of a recording that has several cameras, e.g. /front/image_raw.",
    };

    public static Option<double?> KeepFree() => OptionOf.Number(
        "--keep-free-mb", 0, 1e9, "MB", "200", "The recording ends, closed and readable, before less than this is free on its disk; default 200.");

    public static Option<int?> Frames() => OptionOf.Count("--frames", 1, int.MaxValue, "100", "Ends after so many captured pictures.");

    /// <summary>A calibration already says what the field of view is.</summary>
    /// <exception cref="ConfigurationException">Both were given.</exception>
    public static void RefuseBoth(string? calibration, double? hfovDegrees)
    {
        if (calibration is not null && hfovDegrees is not null)
        {
            throw new ConfigurationException("--camera and --hfov contradict each other: keep the calibration if you have one.");
        }
    }

    /// <summary>What goes wrong without ending a run is told on standard error.</summary>
    public static ILoggerFactory CreateLoggers() => LoggerFactory.Create(builder => builder.AddProvider(new StandardErrorLogger()));

    public static Option<string?> Model() => new("--model") { Description = "A model package: a folder with model.yaml, or the name of a bundled one." };

    public static Option<double?> Hfov() =>
        OptionOf.Number("--hfov", 5, 170, "degrees", "60", "Horizontal field of view in degrees, for a camera without calibration.");

    public static Option<double?> MountHeight() =>
        OptionOf.Number("--mount-height", 0.01, 1000, "m", "0.4", "Height of the camera above the floor in metres, for painters that take it.");

    public static Option<double?> MountPitch() => OptionOf.Number(
        "--mount-pitch", -90, 90, "degrees", "20", "Degrees by which the camera looks down from the horizon; tells the painter where up is.");

    public static Option<double?> MountRoll() => OptionOf.Number(
        "--mount-roll", -180, 180, "degrees", "5", "Degrees by which the camera is turned about its line of sight, positive with its left side raised.");

    public static Option<string?> Precision() => OptionOf.Word(
        "--precision", ["fp32", "fp16", "int8"], "Compute in fp32, fp16 or int8; default: what suits the provider and the model has.");

    /// <summary>The options with the precision of the command line, when there is one.</summary>
    public static ExecutionOptions With(ExecutionOptions options, string? precision) =>
        precision is null ? options : options with { Precision = Enum.Parse<ModelPrecision>(precision, ignoreCase: true) };

    public static Option<FileInfo?> Camera() => new("--camera")
    {
        Description = "The camera's calibration, a file of any format that 'vbedge calibration' lists; FILE#NAME chooses one of several cameras.",
    };

    public static Option<string[]> Instructions() => new("--instruction")
    {
        Description = "What to paint: depth, labels, normals, instances:CLASS, refer:PHRASE, or a prompt in the paper's wording. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
    };
}
