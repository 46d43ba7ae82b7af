using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace VisionBanana.Edge.Hosting;

/// <summary>Registration with the .NET generic host.</summary>
public static class VisionBananaServices
{
    /// <summary>
    /// Runs the pipeline of a file as a background service, with a health check named <c>visionbanana</c>. Measurements are those of the meter and
    /// the activity source <c>VisionBanana.Edge</c>.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Says which file; null = <c>pipeline.yaml</c> in the working directory.</param>
    public static IServiceCollection AddVisionBanana(this IServiceCollection services, Action<VisionBananaOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<VisionBananaOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PipelineService>();
        services.AddHostedService(provider => provider.GetRequiredService<PipelineService>());
        services.AddHealthChecks().AddCheck<PipelineHealthCheck>("visionbanana");
        return services;
    }
}
