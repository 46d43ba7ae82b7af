using System.CommandLine;
using System.CommandLine.Parsing;
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
        Description = "Pictures from here instead: a video, an image or a folder of images, /dev/videoN, rtsp://… or http://…, or a recording (.mcap, .mcap.zstd, .db3, or a bag folder).",
    };

    public static Option<string?> Topic() => new("--topic")
    {
        Description = "Which pictures of a recording that has several cameras, e.g. /front/image_raw.",
    };

    public static Option<double?> KeepFree() =>
        Bounded("--keep-free-mb", 0, 1e9, "MB", "The recording ends, closed and readable, before less than this is free on its disk; default 200.");

    public static Option<int?> Frames()
    {
        var option = new Option<int?>("--frames") { Description = "Ends after so many captured pictures." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is <= 0)
            {
                result.AddError("--frames: expected at least 1.");
            }
        });
        return option;
    }

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

    /// <summary>An argument takes any word, a mistyped option too: this tells the two apart.</summary>
    public static void RefuseOptions(this Argument argument) => argument.Validators.Add(result =>
    {
        foreach (Token token in result.Tokens.Where(t => t.Value.StartsWith('-')))
        {
            result.AddError($"There is no option '{token.Value}' here.");
        }
    });

    public static Option<double?> Hfov() => Bounded("--hfov", 5, 170, "degrees", "Horizontal field of view in degrees, for a camera without calibration.");

    public static Option<double?> MountHeight() => Bounded("--mount-height", 0.01, 1000, "m", "Height of the camera above the floor in metres, for painters that take it.");

    public static Option<double?> MountPitch() => Bounded("--mount-pitch", -90, 90, "degrees", "Degrees by which the camera looks down from the horizon; tells the painter where up is.");

    public static Option<double?> MountRoll() => Bounded("--mount-roll", -180, 180, "degrees", "Degrees by which the camera is turned about its line of sight, positive with its left side raised.");

    public static Option<string?> Precision()
    {
        var option = new Option<string?>("--precision") { Description = "Compute in fp32, fp16 or int8; default: what suits the provider and the model has." };
        option.AcceptOnlyFromAmong("fp32", "fp16", "int8");
        return option;
    }

    /// <summary>The options with the precision of the command line, when there is one.</summary>
    public static ExecutionOptions With(ExecutionOptions options, string? precision) =>
        precision is null ? options : options with { Precision = Enum.Parse<ModelPrecision>(precision, ignoreCase: true) };

    public static Option<FileInfo?> Camera() => new("--camera") { Description = "The camera's calibration, a file of any format that 'vbedge calibration' lists; FILE#NAME chooses one of several cameras." };

    public static Option<string[]> Instructions() => new("--instruction")
    {
        Description = "What to paint: depth, labels, normals, instances:CLASS, refer:PHRASE, or a prompt in the paper's wording. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
    };

    private static Option<double?> Bounded(string name, double least, double most, string unit, string description)
    {
        var option = new Option<double?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } value && !(value >= least && value <= most))
            {
                result.AddError(FormattableString.Invariant($"{name}: expected {least} to {most} {unit}, found {value}."));
            }
        });
        return option;
    }
}
