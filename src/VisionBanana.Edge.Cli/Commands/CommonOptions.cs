using System.CommandLine;
using System.CommandLine.Parsing;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>Options that mean the same on every verb.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Report as JSON on standard output (snake_case keys)." };

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
