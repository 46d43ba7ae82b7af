using System.Collections.Concurrent;

namespace VisionBanana.Edge.Recording;

/// <summary>The schemas and channels of a file as they are met; may be used from several threads.</summary>
internal sealed class ChannelTable
{
    private readonly ConcurrentDictionary<ushort, McapSchema> _schemas = new();
    private readonly ConcurrentDictionary<ushort, McapChannel> _channels = new();

    public IReadOnlyList<McapSchema> Schemas => [.. _schemas.Values.OrderBy(schema => schema.Id)];

    public IReadOnlyList<McapChannel> Channels => [.. _channels.Values.OrderBy(channel => channel.Id)];

    public McapChannel Find(ushort id) =>
        _channels.TryGetValue(id, out McapChannel? channel)
            ? channel
            : throw new MessageFormatException($"A message belongs to channel {id}, which was not declared before it.");

    public void ReadSchema(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content, "schema");
        ushort id = reader.ReadUInt16();
        if (id == 0)
        {
            return;
        }

        string name = reader.ReadString(), encoding = reader.ReadString();
        ReadOnlySpan<byte> data = reader.ReadSized();
        if (!_schemas.TryGetValue(id, out McapSchema? known))
        {
            _schemas.TryAdd(id, new McapSchema(id, name, encoding, data.ToArray()));
        }
        else if (known.Name != name || known.Encoding != encoding || !known.Data.Span.SequenceEqual(data))
        {
            throw new MessageFormatException($"Schema {id} is declared twice: as {known.Name} and differently as {name}.");
        }
    }

    public void ReadChannel(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content, "channel");
        ushort id = reader.ReadUInt16(), schemaId = reader.ReadUInt16();
        McapSchema? schema = null;
        if (schemaId != 0 && !_schemas.TryGetValue(schemaId, out schema))
        {
            throw new MessageFormatException($"Channel {id} has the schema {schemaId}, which was not declared before it.");
        }

        var channel = new McapChannel(id, reader.ReadString(), reader.ReadString(), schema, reader.ReadMap());
        McapChannel known = _channels.GetOrAdd(id, channel);
        if (!known.Equals(channel))
        {
            throw new MessageFormatException($"Channel {id} is declared twice: for {known.Topic} and differently for {channel.Topic}.");
        }
    }
}
