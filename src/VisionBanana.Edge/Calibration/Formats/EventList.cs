using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>Keys and values of a file that is no YAML, as the events that a YAML parser would report, with their places.</summary>
internal sealed class EventList : IParser
{
    private readonly List<ParsingEvent> _events = [new StreamStart(), new DocumentStart()];
    private int _next;
    private bool _ended;

    public ParsingEvent? Current { get; private set; }

    public void BeginMapping(Mark place) => _events.Add(new MappingStart(AnchorName.Empty, TagName.Empty, true, MappingStyle.Block, place, place));

    public void EndMapping(Mark place) => _events.Add(new MappingEnd(place, place));

    public void BeginSequence(Mark place) => _events.Add(new SequenceStart(AnchorName.Empty, TagName.Empty, true, SequenceStyle.Block, place, place));

    public void EndSequence(Mark place) => _events.Add(new SequenceEnd(place, place));

    public void Value(string text, Mark place) =>
        _events.Add(new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, true, false, place, place));

    public bool MoveNext()
    {
        if (!_ended)
        {
            _ended = true;
            _events.Add(new DocumentEnd(true));
            _events.Add(new StreamEnd());
        }

        Current = _next < _events.Count ? _events[_next++] : null;
        return Current is not null;
    }
}
