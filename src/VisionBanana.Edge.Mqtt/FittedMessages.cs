using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Reduces messages that exceed what the broker accepts, and remembers which. The reduced message lies in one buffer until it is sent:
/// for one worker at a time, as <see cref="IMessageTransport"/> promises.
/// </summary>
internal sealed partial class FittedMessages(ILogger? log)
{
    // "stride" and two digits, with their lengths and the identifier of a user property.
    private const int StrideProperty = 5 + 6 + 2;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly MessageReducer _reducer = new();

    // Stream → stride; 0 = nothing fits.
    private readonly ConcurrentDictionary<string, int> _reduced = new(StringComparer.Ordinal);

    /// <summary>What is reduced or dropped now, to be appended to a line for people; empty when nothing is.</summary>
    public string State => _reduced.IsEmpty ? "" : string.Concat(_reduced.ToArray().OrderBy(r => r.Key, StringComparer.Ordinal).Select(Describe));

    /// <summary>True when the packet may be sent as it is.</summary>
    public bool Fits(WireMessage message, MqttApplicationMessage published, uint? limit)
    {
        if (limit is not null && PublishedMessage.PacketSize(published) > limit)
        {
            return false;
        }

        if (!_reduced.IsEmpty)
        {
            _reduced.TryRemove(message.Stream, out _);
        }

        return true;
    }

    /// <summary>The calibration of a picture that is sent reduced, reduced likewise: beside the picture it holds for no other size.</summary>
    public MqttApplicationMessage Beside(WireMessage message, MqttApplicationMessage published)
    {
        int level = _reduced.IsEmpty ? -1 : message.Stream.IndexOf('/', StringComparison.Ordinal);
        return level > 0 && _reduced.TryGetValue(message.Stream[..level], out int stride) && stride > 1
            && _reducer.ReduceCameraInfo(message, stride) is { } reduced
                ? PublishedMessage.From(reduced, published.Topic, published.MessageExpiryInterval, stride)
                : published;
    }

    /// <summary>Sends the largest version of the message that fits.</summary>
    public ValueTask<DropReason?> SendReducedAsync(
        WireMessage message, MqttApplicationMessage published, uint limit, Func<MqttApplicationMessage, ValueTask<DropReason?>> send)
    {
        long envelope = PublishedMessage.PacketSize(published) - message.Payload.Length + StrideProperty;
        WireMessage? fitting = _reducer.Reduce(message, limit - envelope, out int stride);
        if (!_reduced.TryGetValue(message.Stream, out int before) || before != stride)
        {
            _reduced[message.Stream] = stride;
            if (stride > 1)
            {
                LogReduced(message.Stream, published.Payload.Length, limit, stride);
            }
            else
            {
                LogTooLarge(message.Stream, published.Payload.Length, limit);
            }
        }

        return fitting is null
            ? ValueTask.FromResult<DropReason?>(DropReason.TooLargeForBroker)
            : send(PublishedMessage.From(fitting, published.Topic, published.MessageExpiryInterval, stride));
    }

    private static string Describe(KeyValuePair<string, int> reduced) => reduced.Value > 1
        ? string.Create(CultureInfo.InvariantCulture, $"; {reduced.Key} reduced to fit, stride {reduced.Value}")
        : $"; {reduced.Key} does not fit";

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Stream} has {Bytes} bytes and the broker accepts {Limit}: only every {Stride}th row and column is sent")]
    private partial void LogReduced(string stream, long bytes, uint limit, int stride);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Stream} has {Bytes} bytes and the broker accepts {Limit}: it is dropped, it cannot be reduced")]
    private partial void LogTooLarge(string stream, long bytes, uint limit);
}
