using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>The events of a file that turned out to be broken before there were any.</summary>
internal sealed class BrokenFile(Mark place, string message) : IParser
{
    public ParsingEvent? Current => null;

    public bool MoveNext() => throw new YamlException(place, place, message);
}
