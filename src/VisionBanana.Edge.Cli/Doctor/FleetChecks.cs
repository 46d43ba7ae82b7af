using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Whether workers answer the pictures of a robot that captures, and whether their clocks agree.</summary>
internal static class FleetChecks
{
    // A broker tells ages in whole seconds.
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(3);

    /// <summary>The line of a pipeline with a section <c>fleet</c>; null without one.</summary>
    public static Check? Run(PipelineFile file)
    {
        if (file.Section<FleetEntry>() is not { } fleet || file.Mqtt is not { Embedded: null, Transport: { } mqtt })
        {
            return null;
        }

        string name = $"fleet group {fleet.Group}";
        try
        {
            // Opening blocks for as long as the network lets it, and the doctor is asked for one line after the other.
            (GroupModel Model, TimeSpan Ahead)? found = Task.Run(
                () => GroupSurvey.AskAsync(mqtt with { ClientId = null }, fleet.Group, TimeProvider.System, CancellationToken.None)).GetAwaiter().GetResult();
            if (found is not { } group)
            {
                return new Check(
                    name, CheckStatus.Missing, "no worker is there", $"start one: vbedge worker --group {fleet.Group} --broker {mqtt.Host}:{mqtt.Port}");
            }

            string model = $"{group.Model.Model}, SHA-256 {(group.Model.Sha256.Length > 12 ? group.Model.Sha256[..12] : group.Model.Sha256)}…";
            return group.Ahead.Duration() <= Told
                ? Check.Well(name, model)
                : new Check(
                    name, CheckStatus.Problem,
                    FormattableString.Invariant($"{model}; the clock of {group.Model.Worker} is {group.Ahead.TotalSeconds:0} s ahead of this one"),
                    "stamps of percepts are the robot's: set both clocks (NTP), or consumers that compare stamps with their own time drop them");
        }
        catch (VisionBananaException e)
        {
            return new Check(name, CheckStatus.Missing, "cannot be asked", e.Message);
        }
    }
}
