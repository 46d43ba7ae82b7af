using System.Collections.Concurrent;

namespace VisionBanana.Edge.Recording;

/// <summary>The schemas and channels of a file as they are met; may be used from several threads.</summary>
/// <param name="maxBytes">What they may take together.</param>
internal sealed class ChannelTable(long maxBytes)
{
    private readonly ConcurrentDictionary<ushort, McapSchema> _schemas = new();
    private readonly ConcurrentDictionary<ushort, McapChannel> _channels = new();
    private long _bytes;

    public IReadOnlyList<McapSchema> Schemas => [.. _schemas.Values.OrderBy(schema => schema.Id)];

    public IReadOnlyList<McapChannel> Channels => [.. _channels.Values.OrderBy(channel => channel.Id)];

    public int SchemaCount => _schemas.Count;

    public int ChannelCount => _channels.Count;

    public McapChannel? Find(ushort id) => _channels.GetValueOrDefault(id);

    /// <summary>Takes a schema in.</summary>
    /// <exception cref="MessageFormatException">It is malformed, or differs from what was declared before, which stays.</exception>
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
            Count(content.Length);
            _schemas.TryAdd(id, new McapSchema(id, name, encoding, data.ToArray()));
        }
        else if (known.Name != name || known.Encoding != encoding || !known.Data.Span.SequenceEqual(data))
        {
            throw new MessageFormatException($"Schema {id} is declared twice: as {known.Name} and differently as {name}; the first holds.");
        }
    }

    /// <summary>Takes a channel in; false when the id stands for another stream already, so that messages behind it are not of the known channel.</summary>
    /// <exception cref="MessageFormatException">It is malformed, or its schema was not declared before it.</exception>
    public bool ReadChannel(ReadOnlySpan<byte> content)
    {
        var reader = new RecordReader(content, "channel");
        ushort id = reader.ReadUInt16(), schemaId = reader.ReadUInt16();
        McapSchema? schema = null;
        if (schemaId != 0 && !_schemas.TryGetValue(schemaId, out schema))
        {
            throw new MessageFormatException($"Channel {id} has the schema {schemaId}, which was not declared before it.");
        }

        var channel = new McapChannel(id, reader.ReadString(), reader.ReadString(), schema, reader.ReadMap());
        if (!_channels.TryGetValue(id, out McapChannel? known))
        {
            Count(content.Length);
            known = _channels.GetOrAdd(id, channel);
        }

        return known.Topic == channel.Topic && known.MessageEncoding == channel.MessageEncoding && known.Schema?.Id == channel.Schema?.Id;
    }

    /// <summary>Whether the schema of a channel record is known, or it has none.</summary>
    public bool HasSchemaOf(ReadOnlySpan<byte> channel)
    {
        var reader = new RecordReader(channel, "channel");
        reader.Skip(sizeof(ushort));
        return reader.ReadUInt16() is var schema && (schema == 0 || _schemas.ContainsKey(schema));
    }

    private void Count(int bytes)
    {
        // What an entry takes beside its bytes, in round numbers.
        const int Overhead = 256;
        if (Interlocked.Add(ref _bytes, bytes + Overhead) > maxBytes)
        {
            throw new MessageFormatException($"The schemas and channels take more than the {maxBytes} bytes that the budget of the reader leaves for them.");
        }
    }
}
