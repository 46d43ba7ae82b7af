using System.Collections.Immutable;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// One stream of the contract and everything that is known of it: an entry of <see cref="Streams.All"/>. Whatever walks over streams walks over
/// that table. A stream has one file: its name in <see cref="Streams"/>, its options in <see cref="StreamOptions"/> and its kind, which
/// reads the options, checks them, writes the messages and names the checks of what arrives.
/// </summary>
public abstract class StreamKind
{
    private protected StreamKind(string name, params ImmutableArray<WireSchema> wireSchemas)
    {
        Name = name;
        WireSchemas = wireSchemas;
        Schemas = [.. wireSchemas.Select(schema => schema.Name)];
    }

    /// <summary>The last part of the topic.</summary>
    public string Name { get; }

    /// <summary>The ROS types of its messages: first the one it has when nothing is set, then those that options choose.</summary>
    public ImmutableArray<string> Schemas { get; }

    /// <summary>True for state, which a late subscriber must get too: retained on MQTT, repeated on ZeroMQ, never late or out of order.</summary>
    public virtual bool IsState => false;

    /// <summary>
    /// True when its messages are the camera's picture in the colours that people know: what is shown as a picture, and replayed as a camera.
    /// </summary>
    public virtual bool ShowsCamera => false;

    /// <summary>The types of its messages and how a message of each is checked.</summary>
    internal ImmutableArray<WireSchema> WireSchemas { get; }

    /// <summary>Takes the stream's part of <c>streams</c> into the options.</summary>
    internal virtual StreamOptions Read(YamlSection streams, StreamOptions options) => options;

    /// <summary>What is wrong with its options, one sentence each.</summary>
    internal virtual IEnumerable<string> Problems(StreamOptions options) => [];

    /// <summary>Whether its messages need somebody who compresses pictures.</summary>
    internal virtual bool NeedsEncoder(StreamOptions options) => false;

    /// <summary>The options with this stream turned off, if it can be.</summary>
    internal virtual StreamOptions TurnOff(StreamOptions options) => options;

    /// <summary>What writes the stream for one encoder; null when it is off, or not made of pictures.</summary>
    internal abstract StreamWriter? CreateWriter(StreamOptions options, IImageEncoder images);
}
