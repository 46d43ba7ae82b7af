using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting;

/// <summary>
/// Runs the pipeline of a file as long as the host runs. When the source ends, the host goes on; when it fails, the host is stopped as
/// <c>HostOptions.BackgroundServiceExceptionBehavior</c> says. Percept sinks that are registered as <see cref="IPerceptSink"/> are given its percepts.
/// </summary>
public sealed class PipelineService : BackgroundService
{
    private readonly VisionBananaOptions _options;
    private readonly PipelineOptions _pipelineOptions;

    /// <summary>Made by the host; see <see cref="VisionBananaServices"/>.</summary>
    public PipelineService(IOptions<VisionBananaOptions> options, IEnumerable<IPerceptSink> sinks, ILoggerFactory loggers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _pipelineOptions = new PipelineOptions { PerceptSinks = [.. sinks], Loggers = loggers, Clock = clock };
    }

    /// <summary>The pipeline while it runs, for reports and commands; null before and after.</summary>
    public PerceptionPipeline? Pipeline { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        PerceptionPipeline pipeline = await PerceptionPipeline.FromFileAsync(_options.PipelineFile, _pipelineOptions, stoppingToken).ConfigureAwait(false);
        await using (pipeline.ConfigureAwait(false))
        {
            Pipeline = pipeline;
            await pipeline.RunAsync(stoppingToken).ConfigureAwait(false);
            Pipeline = null;
        }
    }
}
