using System.Numerics;

namespace VisionBanana.Edge.Navigation;

/// <summary>Gives objects ids that last: constant speed between pictures, the cheapest assignment, and patience with what is hidden for a while.</summary>
internal sealed class Tracker(DetectionOptions options)
{
    private const int MostTracks = 512;

    /// <summary>Squared distance in standard deviations beyond which two are not the same: 1 in 1000 of what is right is beyond it.</summary>
    private const double Gate = 16.3;

    /// <summary>The cost of being nobody known; what is beyond the gate costs more.</summary>
    private const double Apart = 1e6;

    private readonly List<Track> _tracks = [];
    private readonly Stack<Track> _spare = new();
    private readonly Assignment _assignment = new();
    private double[] _cost = [];
    private int[] _match = [];
    private int _lastId;
    private long _lastNs;

    /// <summary>Enters the objects of the next picture and returns those with an id, in place.</summary>
    public int Follow(Span<DetectedObject> objects, long ns)
    {
        // A clock that was set back is no time that passed.
        double seconds = _tracks.Count == 0 ? 0 : Math.Clamp((ns - _lastNs) / 1e9, 0, 60);
        _lastNs = ns;
        foreach (Track track in _tracks)
        {
            track.Predict(seconds, options.Acceleration);
        }

        Match(objects);
        int told = 0, known = _tracks.Count;
        for (int i = 0; i < objects.Length; i++)
        {
            if (Enter(objects[i], _match[i] < known ? _tracks[_match[i]] : null, ns) is { } track && Told(track))
            {
                objects[told++] = objects[i] with { Id = track.Id, Velocity = track.Velocity };
            }
        }

        Forget(ns);
        return told;
    }

    /// <summary>What is measured: the middle of the box where the object is followed.</summary>
    private static Vector3 PlaceOf(in DetectedObject found) => (found.InRobot ?? found.Box).Centre;

    /// <summary>Depth is uncertain by a share of itself, and a box by what is hidden of it.</summary>
    private static double VarianceOf(in DetectedObject found)
    {
        double sigma = 0.05 + (0.03 * found.DepthM);
        return sigma * sigma;
    }

    private void Match(ReadOnlySpan<DetectedObject> objects)
    {
        // Every object may also be new: as many columns more as there are objects.
        int rows = objects.Length, tracks = _tracks.Count, columns = tracks + rows;
        if (_cost.Length < rows * columns)
        {
            _cost = new double[rows * columns * 2];
        }

        if (_match.Length < rows)
        {
            _match = new int[rows * 2];
        }

        for (int i = 0; i < rows; i++)
        {
            Vector3 place = PlaceOf(objects[i]);
            double variance = VarianceOf(objects[i]);
            for (int j = 0; j < columns; j++)
            {
                _cost[(i * columns) + j] = j < tracks ? Between(_tracks[j], objects[i].Class, place, variance) : Gate;
            }
        }

        _assignment.Solve(_cost.AsSpan(0, rows * columns), rows, columns, _match);
    }

    private static double Between(Track track, string name, Vector3 place, double variance)
    {
        double distance = (place - track.Place).LengthSquared() / track.VarianceWith(variance);
        return distance <= Gate && string.Equals(track.Class, name, StringComparison.Ordinal) ? distance : Apart;
    }

    private Track? Enter(in DetectedObject found, Track? known, long ns)
    {
        if (known is not null && Between(known, found.Class, PlaceOf(found), VarianceOf(found)) <= Gate)
        {
            known.Correct(PlaceOf(found), VarianceOf(found), ns);
            return known;
        }

        if (_tracks.Count == MostTracks)
        {
            return null;
        }

        Track track = _spare.Count > 0 ? _spare.Pop() : new Track();
        track.Begin(found.Class, PlaceOf(found), VarianceOf(found), ns);
        _tracks.Add(track);
        return track;
    }

    private bool Told(Track track)
    {
        if (track.Id == 0 && track.Hits >= options.BirthCount)
        {
            track.Id = ++_lastId;
        }

        return track.Id > 0;
    }

    private void Forget(long ns)
    {
        for (int i = _tracks.Count - 1; i >= 0; i--)
        {
            Track track = _tracks[i];
            if (!track.IsSeen && (track.Id == 0 || ns - track.LastNs > options.Reappear.Ticks * 100))
            {
                _tracks.RemoveAt(i);
                _spare.Push(track);
            }
        }
    }
}
