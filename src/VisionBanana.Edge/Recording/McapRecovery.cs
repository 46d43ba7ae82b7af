using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>Whether a recording is whole, and what was lost when it is not.</summary>
public sealed record McapRecovery
{
    /// <summary>True when the file was closed as it should be and no damage was met.</summary>
    public bool IsComplete => TruncatedAt is null && Damages.IsEmpty;

    /// <summary>
    /// Where the readable part ends when the recorder was killed; null when the file ends as it should. Messages that the recorder had
    /// not written out yet cannot be counted.
    /// </summary>
    public long? TruncatedAt { get; init; }

    /// <summary>Bytes of the file that no message was read from: the cut end and damaged chunks.</summary>
    public long LostBytes { get; init; }

    /// <summary>Messages that can be read; -1 when the writer of the file did not count them.</summary>
    public long MessageCount { get; init; }

    /// <summary>Log time of the last of them, nanoseconds since the Unix epoch; null when there is none.</summary>
    public long? LastMessageNs { get; init; }

    /// <summary>Damaged parts met so far.</summary>
    public ImmutableArray<McapDamage> Damages { get; init; } = [];

    /// <summary>The same in one line for people.</summary>
    public override string ToString()
    {
        string last = LastMessageNs is { } ns
            ? $", the last of {DateTimeOffset.UnixEpoch.AddTicks(ns / 100).ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)}"
            : "";
        string messages = MessageCount < 0 ? "messages readable" : string.Create(CultureInfo.InvariantCulture, $"{MessageCount} messages readable{last}");
        return IsComplete ? $"complete: {messages}"
            : TruncatedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"cut off at byte {at}: {messages}; {LostBytes} bytes lost{Chunks()}")
            : string.Create(CultureInfo.InvariantCulture, $"damaged: {messages}; {LostBytes} bytes lost{Chunks()}");
    }

    private string Chunks() => Damages.IsEmpty
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", {Damages.Length} damaged parts, the first at byte {Damages[0].Offset}: {Damages[0].Reason}");
}
