namespace VisionBanana.Edge.Recording;

/// <summary>Recordings keep 32 bits of a sequence number; it goes on where they wrap or the recording begins again.</summary>
internal sealed class SequenceNumbers
{
    private uint _last;
    private long _number = -1;

    public long Unfold(uint recorded)
    {
        int step = unchecked((int)(recorded - _last));
        _number = _number < 0 ? recorded : _number + (step > 0 ? step : 1);
        _last = recorded;
        return _number;
    }
}
