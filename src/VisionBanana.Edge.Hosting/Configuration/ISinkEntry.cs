using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A section of a pipeline file that percepts are sent to.</summary>
internal interface ISinkEntry
{
    /// <summary>Makes a transport for each camera; nothing is opened yet. What they share is opened with the first and closed with the last.</summary>
    /// <param name="cameras">This section as it concerns each of the cameras, this one among them.</param>
    /// <param name="loggers">Told about losses and returns.</param>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    IReadOnlyList<IMessageTransport> Create(IReadOnlyList<ISinkEntry> cameras, ILoggerFactory loggers);
}
