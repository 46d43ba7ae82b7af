using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What became of a recording, as JSON tells it.</summary>
/// <param name="File">It.</param>
/// <param name="Messages">Messages in it.</param>
/// <param name="Problem">Why it is not whole: the disk was almost full, or refused; null = it is.</param>
internal sealed record RecordingReport(string File, long Messages, string? Problem)
{
    public static RecordingReport From(RecordingTransport recorder) => new(recorder.Path, recorder.MessageCount, recorder.Problem);
}
