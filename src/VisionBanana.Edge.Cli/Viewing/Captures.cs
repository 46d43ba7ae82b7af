using System.Globalization;
using VisionBanana.Edge.Cli.Percepts;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Recordings and snapshots that are asked for from the page. A page never names a file: they go into one folder, named by the time.</summary>
internal sealed class Captures(ViewSubject subject, ViewHub hub, string folder)
{
    private static readonly TimeSpan PicturePatience = TimeSpan.FromSeconds(3);

    private int _isBusy;
    private volatile RecordingTransport? _recording;

    /// <summary>Whether a recording is being made now, by whom so ever.</summary>
    public bool IsRecording => _recording is { Ended.IsCompleted: false } || subject.IsRecordedAnyway;

    /// <summary>How the recording of this page is, or null.</summary>
    public string? RecordingState => _recording?.State;

    /// <summary>Begins or ends a recording and says so.</summary>
    /// <exception cref="VisionBananaException">It cannot be done.</exception>
    public Task<string> RecordAsync(bool on, CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        if (subject.IsRecordedAnyway)
        {
            throw new RecordingException("This run is being recorded by --record: it ends with the run.");
        }

        if (on && _recording is { Ended.IsCompleted: true } full)
        {
            // It ended by itself; the next request finds room.
            _recording = null;
            await subject.Pipeline.RemoveTransportAsync(full).ConfigureAwait(false);
        }

        if (on && _recording is null)
        {
            string path = NewPath("recording", ".mcap");
            RecordingTransport recording = subject.NewRecording(path);
            await subject.Pipeline.AddTransportAsync(recording, cancellationToken).ConfigureAwait(false);
            _recording = recording;
            return $"recording to {path}";
        }

        if (!on && _recording is { } ended)
        {
            _recording = null;
            await subject.Pipeline.RemoveTransportAsync(ended).ConfigureAwait(false);
            return ended.State;
        }

        return on ? "already recording" : "not recording";
    });

    /// <summary>Writes the files of one picture, with everything that is asked painted in it, and says which.</summary>
    /// <exception cref="VisionBananaException">There is no picture.</exception>
    public Task<string> SnapshotAsync() => InTurnAsync(async () =>
    {
        PerceptionFrame frame = await PictureAsync().ConfigureAwait(false)
            ?? throw new CameraException("There is no picture yet: the camera has delivered none.");
        using (frame)
        {
            string stem = NewPath("snapshot", "");
            InferResult result = await Task.Run(() => PerceptFiles.Write(frame, stem, subject.Pipeline.Source.Description)).ConfigureAwait(false);
            if (!OperatingSystem.IsWindows())
            {
                foreach (string file in result.Files)
                {
                    File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
                }
            }

            return $"{result.Files.Count} files {stem}.*";
        }
    });

    /// <summary>A picture with every percept of the schedule; of a paused pipeline the one that is seen.</summary>
    private async Task<PerceptionFrame?> PictureAsync()
    {
        ICommandHandler commands = subject.Pipeline.Commands;
        if (commands.State.IsPaused)
        {
            return hub.TakeLast();
        }

        PerceptKind[] kinds = [.. subject.Pipeline.Schedule.Instructions.Select(i => i.Instruction.Kind)];
        Task<PerceptionFrame?> next = hub.NextAsync(f => Array.TrueForAll(kinds, k => f.Find(k) is not null), PicturePatience);
        commands.Execute(new FrameCommand());
        return await next.ConfigureAwait(false) ?? hub.TakeLast();
    }

    private async Task<string> InTurnAsync(Func<Task<string>> act)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            throw new RecordingException("The last recording or snapshot is not finished yet: try again in a moment.");
        }

        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new RecordingException($"{folder} cannot be written to: {e.Message}", e);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private string NewPath(string kind, string extension)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            // What a camera saw is not for every user of the machine.
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
        }

        string time = subject.Pipeline.Clock.GetUtcNow().ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
        return Path.Combine(folder, $"{kind}-{time}{extension}");
    }
}
