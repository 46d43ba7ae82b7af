using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests;

public sealed class PipelineServiceTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task AddVisionBanana_AHost_RunsThePipelineAndTellsItsHealth()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", DemoFile.Text());
        var sink = new DemoFile.Counter();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IPerceptSink>(sink);
        builder.Services.AddVisionBanana(options => options.PipelineFile = file);
        using IHost host = builder.Build();
        await host.StartAsync();
        Assert.True(SpinWait.SpinUntil(() => sink.Depths >= 3, Limit));

        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Status);
        Assert.NotNull(host.Services.GetRequiredService<PipelineService>().Pipeline);

        await host.StopAsync();
        Assert.True(sink.IsDisposed);
        health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Contains("does not run", health.Entries["visionbanana"].Description, StringComparison.Ordinal);
    }
}
