using System.Collections.Immutable;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Tells that zones are unknown when no picture shows them for their timeout, and when the run ends: silence is never free.</summary>
internal sealed class ZoneWatchdog(NavigationOptions? options, TimeProvider clock)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly ImmutableArray<ZoneOptions> _zones = options?.Zones ?? [];
    private readonly ZoneState[] _states = new ZoneState[options?.Zones.Length ?? 0];
    private readonly bool[] _isStale = new bool[options?.Zones.Length ?? 0];
    private readonly Lock _gate = new();
    private long _lastNs = CaptureTime.MonotonicNow(clock), _saidNs;
    private string _frameId = options?.Mount?.ParentFrame ?? "";

    /// <summary>Takes note of a picture that tells of zones.</summary>
    public void Note(PerceptionFrame frame)
    {
        if (_zones.IsEmpty)
        {
            return;
        }

        lock (_gate)
        {
            _frameId = frame.Surroundings?.RobotFrameId ?? frame.FrameId;
            _lastNs = CaptureTime.MonotonicNow(clock);
            Array.Clear(_isStale);
            ReadOnlySpan<ZoneStatus> zones = frame.Surroundings is { } surroundings ? surroundings.Zones : [];
            for (int i = 0; i < zones.Length && i < _states.Length; i++)
            {
                _states[i] = zones[i].State;
            }
        }
    }

    /// <summary>Watches until it is cancelled.</summary>
    public async Task WatchAsync(Action<WireMessage> post, CancellationToken cancellationToken)
    {
        if (_zones.IsEmpty)
        {
            return;
        }

        using var timer = new PeriodicTimer(Step, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                Look(post);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }

    /// <summary>The run is over.</summary>
    public void End(Action<WireMessage> post)
    {
        lock (_gate)
        {
            for (int i = 0; i < _zones.Length; i++)
            {
                Say(_zones[i], "the pipeline has ended", ref _states[i], post);
            }
        }
    }

    private void Look(Action<WireMessage> post)
    {
        lock (_gate)
        {
            long now = CaptureTime.MonotonicNow(clock);
            bool again = now - _saidNs >= ZoneMessage.Refresh.Ticks * 100;
            for (int i = 0; i < _zones.Length; i++)
            {
                bool stale = now - _lastNs > _zones[i].Timeout.Ticks * 100;
                if (stale && (again || !_isStale[i]))
                {
                    Say(_zones[i], Reason(_zones[i]), ref _states[i], post);
                    (_isStale[i], _saidNs) = (true, now);
                }
            }
        }
    }

    private void Say(ZoneOptions zone, string reason, ref ZoneState state, Action<WireMessage> post)
    {
        long now = (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        var status = new ZoneStatus(zone.Name, ZoneState.Unknown, reason, now, 0, 1, 0, float.NaN, float.NaN, "");
        if (state != ZoneState.Unknown)
        {
            post(ZoneMessage.Event(status, state, _frameId, 0, now));
            state = ZoneState.Unknown;
        }

        post(ZoneMessage.State(status, _frameId, 0, now));
    }

    private static string Reason(ZoneOptions zone) => FormattableString.Invariant($"no picture for {zone.Timeout.TotalMilliseconds:0} ms");
}
