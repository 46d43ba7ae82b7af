using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Pipelines;

/// <summary>What the command line says instead of a pipeline file.</summary>
internal static class CommandLine
{
    /// <summary>The same pipeline with what the command line says instead; a new source brings its own calibration or none.</summary>
    public static PipelineFile With(
        this PipelineFile file, string? source, string? calibration, double? hfovDegrees, string? model, IReadOnlyList<string> instructions, string? precision = null,
        string? topic = null)
    {
        CommonOptions.RefuseBoth(calibration, hfovDegrees);
        CameraEntry camera = source is null ? file.Camera : file.Camera with { Source = new SourceEntry(source, new CameraSourceOptions()), Calibration = null, HfovDegrees = null };
        if (calibration is not null || hfovDegrees is not null)
        {
            camera = camera with { Calibration = calibration, HfovDegrees = hfovDegrees };
        }

        if (topic is not null)
        {
            camera = camera with { Source = camera.Source with { Topic = topic } };
        }

        return file with
        {
            Camera = camera,
            Painter = file.Painter with { Model = model ?? file.Painter.Model, Execution = CommonOptions.With(file.Painter.Execution, precision) },
            Instructions = instructions.Count == 0 ? file.Instructions : [.. instructions.Select(InstructionEntry.OfCommandLine)],
        };
    }
}
