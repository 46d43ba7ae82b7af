using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A section of a pipeline file that percepts are sent to.</summary>
internal interface ISinkEntry
{
    /// <summary>Makes the transport; nothing is opened yet.</summary>
    /// <param name="loggers">Told about losses and returns.</param>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    IMessageTransport Create(ILoggerFactory loggers);
}
