using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace VisionBanana.Edge.Messages;

/// <summary>A buffer that JSON is written to again and again.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It writes to memory: nothing is to be let go.")]
internal sealed class JsonText
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;

    public JsonText() => _writer = new Utf8JsonWriter(_buffer);

    /// <summary>Starts the next text.</summary>
    public Utf8JsonWriter Begin()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        return _writer;
    }

    /// <summary>The text that was written. Valid until the next <see cref="Begin"/>.</summary>
    public ReadOnlyMemory<byte> End()
    {
        _writer.Flush();
        return _buffer.WrittenMemory;
    }
}
