using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Options, checks and logging that are the same on every verb.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Report as JSON on standard output (snake_case keys)." };

    public static Option<string?> Source() => new("--source")
    {
        Description = "Pictures from here instead: a video, an image or a folder of images, /dev/videoN, rtsp://… or http://…, or a recording (.mcap).",
    };

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

    public static Option<double?> Hfov()
    {
        var option = new Option<double?>("--hfov") { Description = "Horizontal field of view in degrees, for a camera without calibration." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is { } fov && !(fov is >= 5 and <= 170))
            {
                result.AddError(FormattableString.Invariant($"--hfov: expected 5 to 170 degrees, found {fov}."));
            }
        });
        return option;
    }

    public static Option<FileInfo?> Camera() => new("--camera") { Description = "The camera's calibration, a ROS camera_info YAML." };

    public static Option<string[]> Instructions() => new("--instruction")
    {
        Description = "What to paint: depth, labels, normals, instances:CLASS, refer:PHRASE, or a prompt in the paper's wording. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
    };
}
