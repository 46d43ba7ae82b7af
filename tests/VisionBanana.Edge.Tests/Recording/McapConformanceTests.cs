using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class McapConformanceTests
{
    [Fact]
    public void Matrix_OfThePublicSuite_Has416Files() => Assert.Equal(416, ConformanceFile.Matrix().Count());

    [Fact]
    public void Open_EveryFileOfTheMatrix_FindsEverythingInIt()
    {
        var wrong = new List<string>();
        foreach ((string content, string[] features) in ConformanceFile.Matrix())
        {
            byte[] file = ConformanceFile.Write(content, features);
            foreach (bool inFileOrder in (bool[])[false, true])
            {
                using McapReader reader = McapReader.Open(file);
                string found = Describe(reader, inFileOrder);
                if (found != Expected(content))
                {
                    wrong.Add($"{content}-{string.Join('-', features)}: {found}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    private static string Expected(string content)
    {
        bool schema = content is "OneMessage" or "TenMessages";
        string channels = ConformanceFile.MessagesOf(content) > 0 ? $"example:a:{(schema ? "Example/c/040506" : "")}:foo=bar" : "";
        string messages = string.Join(';', Enumerable.Range(0, ConformanceFile.MessagesOf(content)).Select(i => $"{10 + i},{2 + i},{1 + i},0102{3 + i:X2}"));
        string attachments = content == "OneAttachment" ? "myFile,application/octet-stream,2,1,010203" : "";
        string metadata = content == "OneMetadata" ? "myMetadata:foo=bar" : "";
        return $"complete|{(schema ? "Example" : "")}|{channels}|{messages}|{attachments}|{metadata}";
    }

    private static string Describe(McapReader reader, bool inFileOrder)
    {
        string messages = string.Join(';', reader.ReadMessages(new McapReadOptions { InFileOrder = inFileOrder })
            .Select(m => $"{m.Sequence},{m.LogTimeNs},{m.PublishTimeNs},{Convert.ToHexString(m.Data.Span)}"));
        string channels = string.Join(';', reader.Channels.Select(c =>
            $"{c.Topic}:{c.MessageEncoding}:{(c.Schema is { } s ? $"{s.Name}/{s.Encoding}/{Convert.ToHexString(s.Data.Span)}" : "")}:"
                + $"{string.Join(',', c.Metadata.Select(e => $"{e.Key}={e.Value}"))}"));
        string attachments = string.Join(';', reader.Attachments.Select(reader.ReadAttachment)
            .Select(a => $"{a.Name},{a.MediaType},{a.LogTimeNs},{a.CreateTimeNs},{Convert.ToHexString(a.Data.Span)}"));
        string metadata = string.Join(';', reader.ReadMetadata().Select(m => $"{m.Name}:{string.Join(',', m.Entries.Select(e => $"{e.Key}={e.Value}"))}"));
        string state = reader.Recovery.IsComplete ? "complete" : reader.Recovery.ToString();
        return $"{state}|{string.Join(';', reader.Schemas.Select(s => s.Name))}|{channels}|{messages}|{attachments}|{metadata}";
    }
}
