using System.Text.Json;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>
/// The one door for bytes of sensors: a ROS 2 message in CDR, or JSON, is read, checked and handed to a feed. Nothing that arrives throws or takes
/// more than its own size; what is not understood is counted as invalid and told in <see cref="Problem"/>.
/// </summary>
/// <param name="kind">What is read, e.g. <c>imu</c>.</param>
public abstract class SensorInput(string kind)
{
    /// <summary>The longest payload that is read.</summary>
    public const int MaxBytes = 1 << 22;

    private volatile string? _problem;

    /// <summary>What is read, e.g. <c>imu</c>.</summary>
    public string Kind => kind;

    /// <summary>Why the last payload that was not understood was not; null = all were.</summary>
    public string? Problem => _problem;

    /// <summary>How readings fared.</summary>
    public abstract AnchorCounts Counts { get; }

    /// <summary>Takes a payload in.</summary>
    /// <param name="payload">Borrowed.</param>
    public AnchorRefusal Take(ReadOnlyMemory<byte> payload)
    {
        try
        {
            if (payload.Length > MaxBytes)
            {
                throw new MessageFormatException($"Expected at most {MaxBytes} bytes, found {payload.Length}.");
            }

            return SensorJson.IsJson(payload.Span) ? TakeJson(payload) : TakeRos(payload);
        }
        catch (MessageFormatException error)
        {
            _problem = error.Message;
            Refuse(AnchorRefusal.Invalid);
            return AnchorRefusal.Invalid;
        }
    }

    /// <summary>Reads JSON.</summary>
    /// <exception cref="MessageFormatException">It is not what was expected.</exception>
    protected abstract AnchorRefusal Read(JsonElement root);

    /// <summary>Reads a ROS 2 message in CDR.</summary>
    /// <exception cref="MessageFormatException">It is not what was expected.</exception>
    protected abstract AnchorRefusal TakeRos(ReadOnlyMemory<byte> payload);

    /// <summary>Counts what could not be read.</summary>
    protected abstract void Refuse(AnchorRefusal refusal);

    private AnchorRefusal TakeJson(ReadOnlyMemory<byte> payload)
    {
        using JsonDocument document = SensorJson.Parse(payload);
        return Read(document.RootElement);
    }
}
