namespace VisionBanana.Edge.Hosting;

/// <summary>How a pipeline runs in a generic host.</summary>
public sealed class VisionBananaOptions
{
    /// <summary>The pipeline file.</summary>
    public string PipelineFile { get; set; } = "pipeline.yaml";

    /// <summary>Without a picture for so long a running pipeline that is not paused is reported as unhealthy.</summary>
    public TimeSpan HealthyWithin { get; set; } = TimeSpan.FromSeconds(10);
}
