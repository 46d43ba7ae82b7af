using System.Text;
using System.Xml;
using VisionBanana.Edge.Configuration;
using YamlDotNet.Core;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// Reads XML as OpenCV's FileStorage writes it: an element with elements is a section, one whose elements are all called <c>_</c> a list,
/// and one with text a value. No document type, no entities, no outside files.
/// </summary>
internal static class XmlEvents
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <exception cref="YamlException">Thrown while the result is walked is none; broken XML is told at once, with its place.</exception>
    public static IParser Read(string text)
    {
        var events = new EventList();
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Settings);
            reader.MoveToContent();
            Element(reader, events, 0);
        }
        catch (XmlException e)
        {
            return new BrokenFile(new Mark(0, Math.Max(e.LineNumber, 1), Math.Max(e.LinePosition, 1)), e.Message);
        }

        return events;
    }

    private static void Element(XmlReader reader, EventList events, int depth)
    {
        Mark place = Place(reader);
        if (depth > BoundedParser.LargestDepth)
        {
            throw new XmlException($"elements stand more than {BoundedParser.LargestDepth} deep in each other", null, (int)place.Line, (int)place.Column);
        }

        if (reader.IsEmptyElement)
        {
            reader.Read();
            events.Value("", place);
            return;
        }

        reader.Read();
        var text = new StringBuilder();
        bool? isList = null;
        while (reader.NodeType != XmlNodeType.EndElement)
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (isList is null)
                    {
                        isList = reader.LocalName == "_";
                        Begin(events, isList.Value, place);
                    }

                    if (!isList.Value)
                    {
                        events.Value(reader.LocalName, Place(reader));
                    }

                    Element(reader, events, depth + 1);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    text.Append(reader.Value);
                    reader.Read();
                    break;
                case XmlNodeType.None:
                    throw new XmlException("the file ends inside an element", null, (int)place.Line, (int)place.Column);
                default:
                    reader.Read();
                    break;
            }
        }

        Mark end = Place(reader);
        reader.Read();
        switch (isList)
        {
            case null:
                events.Value(text.ToString().Trim(), place);
                break;
            case true:
                events.EndSequence(end);
                break;
            case false:
                events.EndMapping(end);
                break;
        }
    }

    private static void Begin(EventList events, bool isList, Mark place)
    {
        if (isList)
        {
            events.BeginSequence(place);
        }
        else
        {
            events.BeginMapping(place);
        }
    }

    private static Mark Place(XmlReader reader) =>
        reader is IXmlLineInfo { LineNumber: > 0 } info ? new Mark(0, info.LineNumber, info.LinePosition) : new Mark(0, 1, 1);
}
