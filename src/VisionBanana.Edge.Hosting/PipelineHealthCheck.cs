using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting;

/// <summary>
/// Whether pictures come from every camera: unhealthy while none was perceived for <see cref="VisionBananaOptions.HealthyWithin"/>, unless
/// painting is paused.
/// </summary>
internal sealed class PipelineHealthCheck(PipelineService service, IOptions<VisionBananaOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        IReadOnlyDictionary<string, PerceptionPipeline> pipelines = service.Pipelines;
        if (pipelines.Count == 0)
        {
            return HealthCheckResult.Unhealthy("the pipeline does not run");
        }

        string[] problems =
        [
            .. pipelines.Select(p => (p.Key, Problem: WhyUnwell(p.Value))).Where(p => p.Problem is not null)
                .Select(p => pipelines.Count == 1 ? p.Problem! : $"{p.Key}: {p.Problem}"),
        ];
        return problems.Length > 0 ? HealthCheckResult.Unhealthy(string.Join("; ", problems))
            : HealthCheckResult.Healthy(pipelines.Values.All(p => p.Commands.State.IsPaused) ? "paused" : null);
    }

    private string? WhyUnwell(PerceptionPipeline pipeline)
    {
        TimeSpan since = pipeline.SinceLastPicture ?? pipeline.Report().Elapsed;
        return pipeline.Commands.State.IsPaused || since <= options.Value.HealthyWithin
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"no picture for {since.TotalSeconds:0} s; camera: {pipeline.Source.State}");
    }
}
