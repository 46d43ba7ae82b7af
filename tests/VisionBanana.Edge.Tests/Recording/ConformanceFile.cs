using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>
/// Small MCAP files of every form that the specification allows, written by its text (mcap.dev/spec) and by nothing of this SDK.
/// The letters of the features are those of the public conformance suite.
/// </summary>
internal sealed class ConformanceFile : IDisposable
{
    public const string Chunks = "ch", MessageIndex = "mx", Statistics = "st", RepeatedSchemas = "rsh", RepeatedChannels = "rch", AttachmentIndex = "ax",
        MetadataIndex = "mdx", ChunkIndex = "chx", SummaryOffsets = "sum", Padding = "pad";

    private static readonly byte[] Magic = [0x89, .. "MCAP0\r\n"u8];

    private readonly HashSet<string> _features;
    private readonly MemoryStream _file = new();
    private readonly string _content;

    private ConformanceFile(string content, IEnumerable<string> features) => (_content, _features) = (content, [.. features]);

    /// <summary>Contents of the suite; each with the features that make sense for it.</summary>
    public static IEnumerable<(string Content, string[] Features)> Matrix()
    {
        foreach (string content in (string[])["NoData", "OneMessage", "TenMessages", "OneSchemalessMessage", "OneAttachment", "OneMetadata"])
        {
            string[] possible = content switch
            {
                "NoData" => [Statistics, SummaryOffsets, Padding],
                "OneAttachment" => [AttachmentIndex, Statistics, SummaryOffsets, Padding],
                "OneMetadata" => [MetadataIndex, Statistics, SummaryOffsets, Padding],
                "OneSchemalessMessage" => [Chunks, MessageIndex, ChunkIndex, Statistics, RepeatedChannels, SummaryOffsets, Padding],
                _ => [Chunks, MessageIndex, ChunkIndex, Statistics, RepeatedSchemas, RepeatedChannels, SummaryOffsets, Padding],
            };
            for (int bits = 0; bits < 1 << possible.Length; bits++)
            {
                string[] features = [.. possible.Where((_, i) => (bits & (1 << i)) != 0)];
                bool needsChunks = !features.Contains(Chunks) && (features.Contains(MessageIndex) || features.Contains(ChunkIndex));
                bool offsetsOfNothing = features.Contains(SummaryOffsets) && features.All(f => f is SummaryOffsets or Padding or Chunks or MessageIndex);
                if (!needsChunks && !offsetsOfNothing)
                {
                    yield return (content, features);
                }
            }
        }
    }

    public static byte[] Write(string content, IEnumerable<string> features)
    {
        using var file = new ConformanceFile(content, features);
        file.Write();
        return file._file.ToArray();
    }

    public static int MessagesOf(string content) => content switch
    {
        "TenMessages" => 10,
        "OneMessage" or "OneSchemalessMessage" => 1,
        _ => 0,
    };

    public void Dispose() => _file.Dispose();

    private bool Has(string feature) => _features.Contains(feature);

    private void Write()
    {
        _file.Write(Magic);
        Record(_file, 1, [.. Text(""), .. Text("")]);
        bool schema = _content is "OneMessage" or "TenMessages", channel = schema || _content == "OneSchemalessMessage";
        byte[] schemaBody = [.. U16(1), .. Text("Example"), .. Text("c"), .. Sized([4, 5, 6])];
        byte[] channelBody = [.. U16(1), .. U16((ushort)(schema ? 1 : 0)), .. Text("example"), .. Text("a"), .. Sized([.. Text("foo"), .. Text("bar")])];
        int messages = MessagesOf(_content);
        var records = new MemoryStream();
        var index = new List<byte>();
        if (schema)
        {
            Record(records, 3, schemaBody);
        }

        if (channel)
        {
            Record(records, 4, channelBody);
        }

        for (uint i = 0; i < messages; i++)
        {
            index.AddRange([.. U64(2 + i), .. U64((ulong)records.Length)]);
            Record(records, 5, [.. U16(1), .. U32(10 + i), .. U64(2 + i), .. U64(1 + i), 1, 2, (byte)(3 + i)], mayPad: false);
        }

        byte[] attachmentIndex = [], metadataIndex = [], chunkIndex = [];
        if (channel && Has(Chunks))
        {
            long at = _file.Length;
            byte[] bytes = records.ToArray();
            ulong end = (ulong)(1 + messages);
            Record(_file, 6, [.. U64(2), .. U64(end), .. U64((ulong)bytes.Length), .. U32(0), .. Text(""), .. U64((ulong)bytes.Length), .. bytes]);
            long length = _file.Length - at, indexAt = _file.Length;
            if (Has(MessageIndex))
            {
                Record(_file, 7, [.. U16(1), .. Sized([.. index])]);
            }

            byte[] map = Has(MessageIndex) ? [.. U16(1), .. U64((ulong)indexAt)] : [];
            chunkIndex =
            [
                .. U64(2), .. U64(end), .. U64((ulong)at), .. U64((ulong)length), .. Sized(map), .. U64((ulong)(_file.Length - indexAt)), .. Text(""),
                .. U64((ulong)bytes.Length), .. U64((ulong)bytes.Length),
            ];
        }
        else
        {
            records.WriteTo(_file);
        }

        if (_content == "OneAttachment")
        {
            long at = _file.Length;
            byte[] body = [.. U64(2), .. U64(1), .. Text("myFile"), .. Text("application/octet-stream"), .. U64(3), 1, 2, 3];
            Record(_file, 9, [.. body, .. U32(Crc32.HashToUInt32(body))]);
            attachmentIndex =
            [
                .. U64((ulong)at), .. U64((ulong)(_file.Length - at)), .. U64(2), .. U64(1), .. U64(3), .. Text("myFile"), .. Text("application/octet-stream"),
            ];
        }

        if (_content == "OneMetadata")
        {
            long at = _file.Length;
            Record(_file, 12, [.. Text("myMetadata"), .. Sized([.. Text("foo"), .. Text("bar")])]);
            metadataIndex = [.. U64((ulong)at), .. U64((ulong)(_file.Length - at)), .. Text("myMetadata")];
        }

        Record(_file, 15, U32(0));
        WriteSummary(schema ? schemaBody : [], channel ? channelBody : [], messages, chunkIndex, attachmentIndex, metadataIndex);
    }

    private void WriteSummary(byte[] schema, byte[] channel, int messages, byte[] chunkIndex, byte[] attachmentIndex, byte[] metadataIndex)
    {
        long summaryAt = _file.Length;
        var offsets = new List<byte[]>();
        Group(Has(RepeatedSchemas), 3, schema, offsets);
        Group(Has(RepeatedChannels), 4, channel, offsets);
        bool counted = channel.Length > 0;
        byte[] statistics =
        [
            .. U64((ulong)messages), .. U16((ushort)(schema.Length > 0 ? 1 : 0)), .. U32(counted ? 1u : 0), .. U32(_content == "OneAttachment" ? 1u : 0),
            .. U32(_content == "OneMetadata" ? 1u : 0), .. U32(chunkIndex.Length > 0 ? 1u : 0), .. U64(counted ? 2u : 0), .. U64(counted
                ? (ulong)messages + 1 : 0),
            .. Sized(counted ? [.. U16(1), .. U64((ulong)messages)] : []),
        ];
        Group(Has(Statistics), 11, statistics, offsets);
        Group(Has(MetadataIndex), 13, metadataIndex, offsets);
        Group(Has(AttachmentIndex), 10, attachmentIndex, offsets);
        Group(Has(ChunkIndex), 8, chunkIndex, offsets);
        bool hasSummary = _file.Length > summaryAt;
        long offsetsAt = 0;
        if (Has(SummaryOffsets))
        {
            offsetsAt = _file.Length;
            offsets.ForEach(offset => Record(_file, 14, offset));
        }

        Record(_file, 2, [.. U64(hasSummary ? (ulong)summaryAt : 0), .. U64((ulong)offsetsAt), .. U32(0)], mayPad: false);
        _file.Write(Magic);
    }

    private void Group(bool wanted, byte opcode, byte[] body, List<byte[]> offsets)
    {
        if (wanted && body.Length > 0)
        {
            long at = _file.Length;
            Record(_file, opcode, body);
            offsets.Add([opcode, .. U64((ulong)at), .. U64((ulong)(_file.Length - at))]);
        }
    }

    private void Record(Stream to, byte opcode, byte[] body, bool mayPad = true)
    {
        byte[] padding = mayPad && Has(Padding) ? [0x01, 0x02, 0x03] : [];
        to.Write([opcode, .. U64((ulong)(body.Length + padding.Length)), .. body, .. padding]);
    }

    private static byte[] Text(string text) => Sized(Encoding.UTF8.GetBytes(text));

    private static byte[] Sized(byte[] bytes) => [.. U32((uint)bytes.Length), .. bytes];

    private static byte[] U16(ushort value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] U64(ulong value)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
