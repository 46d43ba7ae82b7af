using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>What <c>run --json</c> prints at its end where a file names several cameras: an entry for each, which says what it says of one alone.</summary>
/// <param name="Cameras">The cameras, in the order of the file.</param>
/// <param name="Painter">What each camera got of the painter.</param>
/// <param name="Interrupted">Whether a signal ended the run.</param>
/// <param name="Recording">What was recorded, of all cameras.</param>
/// <param name="Error">What ended the run, or a camera of it; null = nothing.</param>
/// <param name="ExitCode">That of the program.</param>
internal sealed record CamerasReport(
    IReadOnlyList<CamerasReport.Camera> Cameras,
    IReadOnlyList<CamerasReport.Share> Painter,
    bool Interrupted,
    RecordingReport? Recording,
    string? Error,
    int ExitCode)
{
    public static CamerasReport From(RobotRun robot, bool interrupted, VisionBananaException? failure) => new(
        [.. robot.Cameras.Select(c => new Camera(c.Name, c.State, c.Opened is { } opened ? RunReport.From(opened, interrupted, c.Failure) : null))],
        [.. robot.Shares.Select(Share.From)],
        interrupted,
        robot.Recorder is { } recorder ? RecordingReport.From(recorder) : null,
        failure?.Message ?? robot.Recorder?.Problem ?? (interrupted ? Failure.InterruptedError : null),
        failure is not null ? Failure.CodeOf(failure)
            : interrupted ? Shell.ExitCode.Interrupted
            : robot.Recorder?.Problem is null ? Shell.ExitCode.Well
            : Shell.ExitCode.Failed);

    /// <summary>One camera.</summary>
    /// <param name="Name">Its name in topics.</param>
    /// <param name="State">How it is, in one line for people.</param>
    /// <param name="Run">What a run says of one camera; null = it was waited for until the end.</param>
    internal sealed record Camera(string Name, string State, RunReport? Run);

    /// <summary>What one camera got of the painter.</summary>
    internal sealed record Share(string Camera, long Pictures, double PaintingS, double WaitingS)
    {
        public static Share From(PainterShare share) => new(share.Camera, share.Pictures, share.Painting.TotalSeconds, share.Waiting.TotalSeconds);
    }
}
