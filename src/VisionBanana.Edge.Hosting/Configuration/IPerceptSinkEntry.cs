using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A section of a pipeline file that takes percepts as they are.</summary>
internal interface IPerceptSinkEntry
{
    /// <summary>Makes the sink; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    IPerceptSink Create();
}
