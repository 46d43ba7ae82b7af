using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting;

/// <summary>
/// Runs the pipeline of a file as long as the host runs. When the source ends, the host goes on; when it fails, the host is stopped as
/// <c>HostOptions.BackgroundServiceExceptionBehavior</c> says. Percept sinks that are registered as <see cref="IPerceptSink"/> are given its percepts, of all
/// cameras of the file: <see cref="Perception.PerceptionFrame.FrameId"/> tells them apart.
/// </summary>
public sealed class PipelineService : BackgroundService
{
    private readonly VisionBananaOptions _options;
    private readonly PipelineOptions _pipelineOptions;
    private volatile RobotRun? _run;

    /// <summary>Made by the host; see <see cref="VisionBananaServices"/>.</summary>
    public PipelineService(IOptions<VisionBananaOptions> options, IEnumerable<IPerceptSink> sinks, ILoggerFactory loggers, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _pipelineOptions = new PipelineOptions { PerceptSinks = [.. sinks], Loggers = loggers, Clock = clock };
    }

    /// <summary>The pipeline while it runs, of the first camera where there are several, for reports and commands; null before and after.</summary>
    public PerceptionPipeline? Pipeline => Pipelines.Values.FirstOrDefault();

    /// <summary>The pipelines while they run, by camera; without those whose camera is waited for. Empty before and after.</summary>
    public IReadOnlyDictionary<string, PerceptionPipeline> Pipelines =>
        _run?.Cameras.Where(c => c.Opened is not null).ToDictionary(c => c.Name, c => c.Opened!.Pipeline) ?? [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var file = RobotFile.Read(_options.PipelineFile);
        IReadOnlyList<IPerceptSink>[] sinks = [.. _pipelineOptions.PerceptSinks.Select(s => SharedPerceptSink.Split(s, file.Cameras.Count))];
        var request = new PipelineRequest
        {
            PerceptSinks = camera => [.. sinks.Select(s => s[file.Cameras.ToList().IndexOf(camera)])],
            PicturesHeld = sinks.Length == 0 ? 0 : _pipelineOptions.PicturesHeld,
            Clock = _pipelineOptions.Clock,
            Loggers = _pipelineOptions.Loggers,
        };
        RobotRun run = await RobotRun.OpenAsync(file, request, stoppingToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            _run = run;
            await run.RunAsync(stoppingToken).ConfigureAwait(false);
            _run = null;
        }
    }
}
