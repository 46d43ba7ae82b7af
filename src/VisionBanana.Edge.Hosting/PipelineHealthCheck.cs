using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace VisionBanana.Edge.Hosting;

/// <summary>Whether pictures come: unhealthy while none was perceived for <see cref="VisionBananaOptions.HealthyWithin"/>, unless painting is paused.</summary>
internal sealed class PipelineHealthCheck(PipelineService service, IOptions<VisionBananaOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (service.Pipeline is not { } pipeline)
        {
            return HealthCheckResult.Unhealthy("the pipeline does not run");
        }

        if (pipeline.Commands.State.IsPaused)
        {
            return HealthCheckResult.Healthy("paused");
        }

        TimeSpan since = pipeline.SinceLastPicture ?? pipeline.Report().Elapsed;
        return since <= options.Value.HealthyWithin
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(
                string.Create(CultureInfo.InvariantCulture, $"no picture for {since.TotalSeconds:0} s; camera: {pipeline.Source.State}"));
    }
}
