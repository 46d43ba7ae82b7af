using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Configuration;
using VisionBanana.Edge.Cli.Foxglove;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Cli.Composition;

/// <summary>Makes the transports that a pipeline file names.</summary>
internal static class TransportFactory
{
    /// <summary>Makes them; nothing is opened yet.</summary>
    /// <param name="file">The pipeline.</param>
    /// <param name="loggers">Told about losses and returns.</param>
    /// <param name="mayBeNone">A recording or the live view takes what is perceived: no transport is needed.</param>
    /// <exception cref="ConfigurationException">There is none, or an option cannot work.</exception>
    public static List<IMessageTransport> Create(PipelineFile file, ILoggerFactory loggers, bool mayBeNone = false)
    {
        var transports = new List<IMessageTransport>();
        if (file.Mqtt is { } mqtt)
        {
            var transport = new MqttTransport(mqtt.Transport, loggers.CreateLogger<MqttTransport>());
            transports.Add(mqtt.Embedded is { } broker ? new EmbeddedMqtt(new EmbeddedBroker(broker), transport) : transport);
        }

        if (file.ZeroMq is { } zeroMq)
        {
            transports.Add(new ZeroMqTransport(zeroMq));
        }

        if (file.Foxglove is { } foxglove)
        {
            transports.Add(new FoxgloveTransport(foxglove));
        }

        return transports.Count > 0 || mayBeNone
            ? transports
            : throw new ConfigurationException($"{file.Path}: percepts would go nowhere: expected a section mqtt, zeromq or foxglove, --record or the live view, found none.");
    }
}
