namespace VisionBanana.Edge.Recording;

/// <summary>A recording in a file that goes away with the reader.</summary>
internal sealed class TemporaryRecording(RecordingReader inner, string path) : RecordingReader
{
    public override IReadOnlyList<McapChannel> Channels => inner.Channels;

    public override McapStatistics? Statistics => inner.Statistics;

    public override McapRecovery Recovery => inner.Recovery;

    public override IEnumerable<McapMessage> ReadMessages(McapReadOptions? options = null) => inner.ReadMessages(options);

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        File.Delete(path);
    }
}
