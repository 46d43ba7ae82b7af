using YamlDotNet.Core;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>Reads <c>[section]</c> and <c>key=value</c> lines; # and ; begin comments.</summary>
internal static class IniEvents
{
    public static IParser Read(string text)
    {
        var events = new EventList();
        var top = new Mark(0, 1, 1);
        events.BeginMapping(top);
        bool open = false;
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            string line = raw.Trim();
            var place = new Mark(0, ++number, 1);
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                if (open)
                {
                    events.EndMapping(place);
                }

                events.Value(line[1..^1].Trim(), place);
                events.BeginMapping(place);
                open = true;
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !open)
            {
                return new BrokenFile(place, "expected a [section] or key=value");
            }

            events.Value(line[..equals].Trim(), place);
            events.Value(line[(equals + 1)..].Trim(), new Mark(0, number, raw.IndexOf('=', StringComparison.Ordinal) + 2));
        }

        if (open)
        {
            events.EndMapping(new Mark(0, number, 1));
        }

        events.EndMapping(new Mark(0, number, 1));
        return events;
    }
}
