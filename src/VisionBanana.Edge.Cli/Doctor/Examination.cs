using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Configuration;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Looks at everything a pipeline needs on this machine, by trying it for real.</summary>
internal static class Examination
{
    /// <summary>Runs all checks.</summary>
    /// <param name="pipeline">The pipeline file; null = the demo's.</param>
    public static IEnumerable<Check> Run(string? pipeline)
    {
        foreach (Check check in SystemChecks.Run())
        {
            yield return check;
        }

        RobotFile? file = null;
        string? problem = null;
        try
        {
            file = ToolSections.ReadAll(pipeline ?? Assets.DemoPipeline);
        }
        catch (ConfigurationException e)
        {
            problem = e.Message;
        }

        yield return problem is null
            ? Check.Well("pipeline", $"{file!.Path}, device {file.Device}{(file.HasSeveral ? $", {file.Cameras.Count} cameras" : "")}")
            : new Check("pipeline", CheckStatus.Problem, "cannot be used", problem);
        foreach (Check check in EngineChecks.Run(file?.Painter ?? new PainterEntry()))
        {
            yield return check;
        }

        foreach (Check check in file is null ? [] : PipelineChecks.Run(file))
        {
            yield return check;
        }
    }
}
