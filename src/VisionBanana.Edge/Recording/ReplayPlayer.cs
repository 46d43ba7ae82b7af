using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Plays a recording to transports: the streams of the contract (<see cref="ReplayStreams"/>), the messages byte for byte with their
/// recorded stamps, at the pace they were recorded, another one, or none. The transports publish under the device and camera they were made for.
/// </summary>
public sealed class ReplayPlayer
{
    private readonly RecordingReader _recording;
    private readonly Func<McapChannel, IReadOnlyList<IMessageTransport>> _transports;
    private readonly ReplayOptions _options;
    private long _played, _skipped;

    /// <summary>Creates a player.</summary>
    /// <param name="recording">Stays the caller's.</param>
    /// <param name="transports">Started by the caller, who also closes them.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ConfigurationException">The speed is not above 0.</exception>
    public ReplayPlayer(RecordingReader recording, IReadOnlyList<IMessageTransport> transports, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(transports);
        _recording = recording;
        _transports = _ => transports;
        _options = options ?? new ReplayOptions();
        PlaybackClock.Check(_options.Speed);
    }

    /// <summary>Creates a player of several cameras: each camera's messages go to its transports, those of other cameras are skipped.</summary>
    /// <param name="recording">Stays the caller's.</param>
    /// <param name="cameras">By name in topics: transports that were started by the caller, who also closes them.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ConfigurationException">The speed is not above 0.</exception>
    public ReplayPlayer(
        RecordingReader recording, IReadOnlyDictionary<string, IReadOnlyList<IMessageTransport>> cameras, ReplayOptions? options = null)
        : this(recording, [], options)
    {
        ArgumentNullException.ThrowIfNull(cameras);
        var byTopic = cameras.ToDictionary(c => RecordingTopics.RosName(c.Key), c => c.Value, StringComparer.Ordinal);
        _transports = channel => RecordingTopics.CameraOf(channel.Topic) is { } camera && byTopic.TryGetValue(camera, out var found) ? found : [];
    }

    /// <summary>Messages that every transport took so far.</summary>
    public long Played => Interlocked.Read(ref _played);

    /// <summary>Plays until the end, or until cancelled, which is no error.</summary>
    /// <exception cref="MessageFormatException">A chunk is damaged and the reader does not skip damaged chunks.</exception>
    public async Task<ReplayReport> PlayAsync(CancellationToken cancellationToken)
    {
        long start = _options.Clock.GetTimestamp();
        var failed = new Dictionary<DropReason, long>();
        var read = new McapReadOptions
        {
            Channels = _options.Channels ?? (channel => !RecordedMessages.StreamOf(channel).StartsWith("source/", StringComparison.Ordinal)),
            StartNs = _options.StartNs,
            EndNs = _options.EndNs,
        };
        try
        {
            long taken;
            do
            {
                taken = await PlayOnceAsync(read, failed, cancellationToken).ConfigureAwait(false);
            }
            while (_options.Loop && taken > 0);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The report tells how far it came.
        }

        return new ReplayReport(Played, failed, _skipped, _recording.Recovery, _options.Clock.GetElapsedTime(start));
    }

    private async Task<long> PlayOnceAsync(McapReadOptions read, Dictionary<DropReason, long> failed, CancellationToken cancellationToken)
    {
        var messages = new RecordedMessages();
        var pace = new PlaybackClock(_options.Speed, _options.Clock);
        long taken = 0;
        foreach (McapMessage recorded in _recording.ReadMessages(read))
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (pace.WaitFor(recorded.LogTimeNs) is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _options.Clock, cancellationToken).ConfigureAwait(false);
            }

            taken++;
            IReadOnlyList<IMessageTransport> transports = _transports(recorded.Channel);
            if (transports.Count > 0 && ReplayStreams.Include(recorded.Channel) && TryDescribe(messages, recorded) is { } message)
            {
                await SendAsync(transports, message, failed, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                _skipped++;
            }
        }

        return taken;
    }

    private static WireMessage? TryDescribe(RecordedMessages messages, in McapMessage recorded)
    {
        try
        {
            return messages.Describe(recorded);
        }
        catch (MessageFormatException)
        {
            return null;
        }
    }

    private async Task SendAsync(
        IReadOnlyList<IMessageTransport> transports, WireMessage message, Dictionary<DropReason, long> failed, CancellationToken cancellationToken)
    {
        DropReason? failure = null;
        foreach (IMessageTransport transport in transports)
        {
            failure = await transport.SendAsync(message, cancellationToken).ConfigureAwait(false) ?? failure;
        }

        if (failure is { } reason)
        {
            failed[reason] = failed.GetValueOrDefault(reason) + 1;
        }
        else
        {
            Interlocked.Increment(ref _played);
        }
    }
}
