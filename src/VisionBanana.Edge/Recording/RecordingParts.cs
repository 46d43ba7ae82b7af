using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>The files of a recording as one: channels of one topic and type are one, messages come by log time.</summary>
internal sealed class RecordingParts : RecordingReader
{
    private readonly ImmutableArray<Part> _parts;
    private readonly IReadOnlyList<McapDamage> _missing;
    private readonly McapReaderOptions _options;
    private readonly List<McapChannel> _channels = [];
    private readonly Dictionary<(string Topic, string Encoding, string? Schema), McapChannel> _byName = [];
    private readonly DamageLog _damages = new();

    public RecordingParts(IEnumerable<(string Name, RecordingReader Reader)> parts, IReadOnlyList<McapDamage> missing, McapReaderOptions options)
    {
        (_missing, _options) = (missing, options);
        _parts = [.. parts.Select(part => new Part(part.Name, part.Reader, part.Reader.Channels.ToDictionary(channel => channel.Id, Merged)))];
        Statistics = _parts.Length == 1 && _missing.Count == 0 ? Single(_parts[0]) : Sum();
    }

    public override IReadOnlyList<McapChannel> Channels => _channels;

    public override McapStatistics? Statistics { get; }

    public override McapRecovery Recovery
    {
        get
        {
            McapRecovery[] all = [.. _parts.Select(part => part.Reader.Recovery)];
            (McapDamage[] own, long lost) = _damages.Snapshot();
            bool single = _parts.Length == 1;
            return new McapRecovery
            {
                // Where a part of several is cut off says nothing of the whole: it is told as damage.
                TruncatedAt = single ? all[0].TruncatedAt : null,
                LostBytes = all.Sum(recovery => recovery.LostBytes) + lost,
                MessageCount = Array.TrueForAll(all, recovery => recovery.MessageCount >= 0) ? all.Sum(recovery => recovery.MessageCount) : -1,
                LastMessageNs = all.Max(recovery => recovery.LastMessageNs),
                Damages = [.. _missing, .. own, .. _parts.Zip(all).SelectMany(part => Told(part.First.Name, part.Second, single))],
            };
        }
    }

    public override IEnumerable<McapMessage> ReadMessages(McapReadOptions? options = null)
    {
        options ??= new McapReadOptions();
        using var payloads = new PayloadUnpacker(_options.MaxRecordBytes);
        foreach ((Part part, McapMessage message) in options.InFileOrder || _parts.Length == 1 ? InOrder(options) : ByTime(options))
        {
            if (Unpacked(payloads, part, message) is { } unpacked)
            {
                yield return unpacked with { Channel = part.Channels[message.Channel.Id] };
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        foreach (Part part in _parts)
        {
            part.Reader.Dispose();
        }
    }

    private static IEnumerable<McapDamage> Told(string name, McapRecovery recovery, bool single) => single ? recovery.Damages
        : recovery.Damages.Select(damage => damage with { Reason = $"{name}: {damage.Reason}" })
            .Concat(recovery.TruncatedAt is { } at ? [new McapDamage(at, 0, $"{name} is cut off at byte {at}.")] : []);

    private static McapReadOptions For(Part part, McapReadOptions options) =>
        options.Channels is { } wanted ? options with { Channels = channel => wanted(part.Channels[channel.Id]) } : options;

    private McapMessage? Unpacked(PayloadUnpacker payloads, Part part, in McapMessage message)
    {
        try
        {
            return message.Channel.MessageEncoding == "cdr" ? message with { Data = payloads.Unpack(message.Data) } : message;
        }
        catch (MessageFormatException error) when (_options.SkipDamagedChunks)
        {
            _damages.Add(message.LogTimeNs, 0, $"{part.Name}: the message of {message.Channel.Topic} recorded at {message.LogTimeNs} ns: {error.Message}");
            return null;
        }
    }

    private IEnumerable<(Part Part, McapMessage Message)> InOrder(McapReadOptions options) =>
        _parts.SelectMany(part => part.Reader.ReadMessages(For(part, options)).Select(message => (part, message)));

    /// <summary>A part is begun when its time has come, so that those that follow each other are not open for reading together.</summary>
    private IEnumerable<(Part Part, McapMessage Message)> ByTime(McapReadOptions options)
    {
        Queue<Part> waiting = new(_parts.OrderBy(part => part.Reader.Statistics?.StartNs ?? 0));
        var open = new PriorityQueue<(Part Part, IEnumerator<McapMessage> Messages), (long TimeNs, int Place)>();
        try
        {
            while (true)
            {
                while (waiting.TryPeek(out Part? next)
                    && (!open.TryPeek(out _, out (long TimeNs, int Place) first) || (next.Reader.Statistics?.StartNs ?? 0) <= first.TimeNs))
                {
                    Enqueue(open, waiting.Dequeue(), next.Reader.ReadMessages(For(next, options)).GetEnumerator());
                }

                if (!open.TryDequeue(out (Part Part, IEnumerator<McapMessage> Messages) current, out _))
                {
                    yield break;
                }

                yield return (current.Part, current.Messages.Current);
                Enqueue(open, current.Part, current.Messages);
            }
        }
        finally
        {
            while (open.TryDequeue(out (Part Part, IEnumerator<McapMessage> Messages) rest, out _))
            {
                rest.Messages.Dispose();
            }
        }
    }

    private void Enqueue(
        PriorityQueue<(Part Part, IEnumerator<McapMessage> Messages), (long TimeNs, int Place)> open, Part part, IEnumerator<McapMessage> messages)
    {
        if (messages.MoveNext())
        {
            open.Enqueue((part, messages), (messages.Current.LogTimeNs, _parts.IndexOf(part)));
        }
        else
        {
            messages.Dispose();
        }
    }

    private McapChannel Merged(McapChannel channel)
    {
        (string, string, string?) name = (channel.Topic, channel.MessageEncoding, channel.Schema?.Name);
        if (_byName.TryGetValue(name, out McapChannel? same))
        {
            return same;
        }

        if (_channels.Count == ushort.MaxValue)
        {
            throw new MessageFormatException($"The files of the recording have more than {ushort.MaxValue} topics together.");
        }

        McapChannel merged = channel with { Id = (ushort)(_channels.Count + 1) };
        _channels.Add(merged);
        _byName.Add(name, merged);
        return merged;
    }

    private McapStatistics? Single(Part part) => part.Reader.Statistics is not { } statistics ? null : statistics with
    {
        ChannelCount = _channels.Count,
        MessagesByChannel = Renamed([(part, statistics)]),
    };

    private McapStatistics? Sum()
    {
        (Part Part, McapStatistics Statistics)[] all =
            [.. _parts.Where(part => part.Reader.Statistics is not null).Select(part => (part, part.Reader.Statistics!))];
        McapStatistics[] filled = [.. all.Select(part => part.Statistics).Where(statistics => statistics.MessageCount > 0)];
        return all.Length < _parts.Length ? null : new McapStatistics(
            filled.Sum(statistics => statistics.MessageCount), all.Max(part => part.Statistics.SchemaCount), _channels.Count,
            all.Sum(part => part.Statistics.AttachmentCount), all.Sum(part => part.Statistics.MetadataCount), all.Sum(part => part.Statistics.ChunkCount),
            filled.Length == 0 ? 0 : filled.Min(statistics => statistics.StartNs),
            filled.Length == 0 ? 0 : filled.Max(statistics => statistics.EndNs), Renamed(all));
    }

    private static ImmutableDictionary<ushort, long> Renamed(IEnumerable<(Part Part, McapStatistics Statistics)> all) => all
        .SelectMany(part => part.Statistics.MessagesByChannel.Where(count => part.Part.Channels.ContainsKey(count.Key))
            .Select(count => (part.Part.Channels[count.Key].Id, count.Value)))
        .GroupBy(count => count.Id, count => count.Value)
        .ToImmutableDictionary(counts => counts.Key, counts => counts.Sum());

    private sealed record Part(string Name, RecordingReader Reader, IReadOnlyDictionary<ushort, McapChannel> Channels);
}
