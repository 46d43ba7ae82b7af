using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>
/// Takes another model while pipelines run: finds or fetches the package, checks its hashes and contract, loads it beside the one that runs (which compares
/// a provider's answers with the model's own), has it paint a reference picture, and only then gives it the next picture.
/// </summary>
internal sealed partial class ModelRollout : IModelSwitch, IAsyncDisposable
{
    /// <summary>A run of a graph or a builder in a native library cannot be interrupted: it is left behind.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly RolloutEntry _entry;
    private readonly ExecutionOptions _execution;
    private readonly SwitchablePainter _painter;
    private readonly Func<IReadOnlyList<Instruction>> _asked;
    private readonly Func<string, string?> _whyNot;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private volatile string? _progress;
    private Task _work = Task.CompletedTask;

    /// <param name="entry">From where models may be taken.</param>
    /// <param name="execution">How they are run.</param>
    /// <param name="painter">What they replace.</param>
    /// <param name="asked">What is asked now: they must answer all of it.</param>
    /// <param name="whyNot">Why a model, by name and version, cannot be taken whatever it answers, or null.</param>
    /// <param name="logger">Told how it went.</param>
    public ModelRollout(
        RolloutEntry entry, ExecutionOptions execution, SwitchablePainter painter, Func<IReadOnlyList<Instruction>> asked, Func<string, string?> whyNot,
        ILogger logger)
    {
        (_entry, _execution, _painter, _asked, _whyNot, _logger) = (entry, execution, painter, asked, whyNot, logger);
        _painter.Settled += failure => Tell(failure is null
            ? $"{NameOf(_painter.Description)} runs"
            : $"back to {NameOf(_painter.Description)}: the new model failed on a picture: {failure}");
    }

    public event EventHandler? Changed;

    public string? Progress => _progress;

    public string? Begin(SwitchModelCommand command)
    {
        if (command.Sha256 is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
        {
            return $"expected the SHA-256 of model.yaml in 64 hex digits, found {hash.Length} characters";
        }

        Uri? address = null;
        string? folder = null;
        if (command.Package.Contains("://", StringComparison.Ordinal))
        {
            if (PackageDownload.WhyNot(command.Package, _entry.Hosts, out address) is { } refused)
            {
                return refused;
            }

            if (command.Sha256 is null)
            {
                return "a model from the network needs the SHA-256 of its model.yaml (sha256)";
            }
        }
        else if ((folder = FolderOf(command.Package)) is null)
        {
            return $"expected a package in the folder of rollout ({string.Join(", ", Packages())}), found '{command.Package}'";
        }

        lock (_gate)
        {
            if (!_work.IsCompleted)
            {
                return $"another model is being taken: {_progress}";
            }

            _work = Task.Run(() => TakeAsync(command, address, folder));
            return null;
        }
    }

    /// <summary>Stops what goes on and waits for it, for five seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (await Task.WhenAny(_work, Task.Delay(StopLimit)).ConfigureAwait(false) == _work)
        {
            _stop.Dispose();
        }
    }

    private static string NameOf(PainterDescription painter) => $"{painter.Name} {painter.Version}";

    private async Task TakeAsync(SwitchModelCommand command, Uri? address, string? folder)
    {
        string before = NameOf(_painter.Description);
        try
        {
            if (address is not null)
            {
                Tell($"fetching {address.Host}{address.AbsolutePath}");
                folder = await PackageDownload.FetchAsync(address, command.Sha256!, _entry, _stop.Token).ConfigureAwait(false);
            }

            Tell($"checking {Path.GetFileName(folder)}");
            string manifest = Path.Combine(folder!, ModelManifest.FileName);
            if (command.Sha256 is { } expected)
            {
                string found = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(manifest, _stop.Token).ConfigureAwait(false)));
                if (!found.Equals(expected, StringComparison.OrdinalIgnoreCase))
                {
                    throw new ModelContractException($"model.yaml has SHA-256 {found}, expected {expected}.");
                }
            }

            var package = ModelPackage.Open(manifest);
            OnnxPainter next = OnnxPainter.Load(package, _execution, null, _stop.Token);
            try
            {
                Rehearse(next);

                // Said before: it may have proved itself by the time that this thread goes on.
                Tell($"{NameOf(next.Description)} paints; {NameOf(_painter.Proven)} stays until {SwitchablePainter.Probation} pictures were painted");
                _painter.Replace(next, () => WhyNot(next), _stop.Token);
            }
            catch
            {
                next.Dispose();
                throw;
            }

            Changed?.Invoke(this, EventArgs.Empty);
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
        catch (Exception e)
        {
            // Whatever it is: the model that runs goes on, and who gave the command is told.
            Tell($"{before} stays: {e.Message}");
        }
    }

    /// <summary>Why a model cannot be taken as things are now, or null.</summary>
    private string? WhyNot(OnnxPainter next) =>
        _painter.WhyNotReplaceBy(next.Description) is { } reason
            ? $"{NameOf(next.Description)} cannot take the place while it runs: {reason}. Start the program with it."
        : _whyNot(NameOf(next.Description)) is { } refused ? refused
        : _asked().Select(next.WhyNot).FirstOrDefault(w => w is not null) is { } unanswered
            ? $"{NameOf(next.Description)} does not answer what is asked: {unanswered}"
        : null;

    /// <summary>What is asked must be answered, by a picture that nobody waits for.</summary>
    private void Rehearse(OnnxPainter next)
    {
        PainterDescription description = next.Description;
        if (WhyNot(next) is { } reason)
        {
            throw new ModelContractException(reason);
        }

        if (!PerceptionFrame.CreatePool(1, description.Width, description.Height).TryRent(out PerceptionFrame? frame))
        {
            throw new InvalidOperationException("A new pool has a frame.");
        }

        using (frame)
        {
            frame.Intrinsics = CameraIntrinsics.FromHorizontalFov(description.Width, description.Height, description.HorizontalFovDegrees ?? 60);
            for (int i = 0; i < frame.Color.Length; i++)
            {
                // A floor that comes nearer, with squares on it.
                int x = i % description.Width, y = i / description.Width;
                byte shade = (byte)((128 * y / description.Height) + ((((x / 16) + (y / 16)) % 2) * 64));
                frame.Color[i] = new Rgb24(shade, shade, (byte)(255 - shade));
            }

            next.Paint(frame, [.. _asked().DistinctBy(i => i.Kind)], _stop.Token);
        }
    }

    /// <summary>A package that stands in the folder itself: a plain name, or a path that leads there. Links are refused.</summary>
    private string? FolderOf(string package)
    {
        if (package.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(_entry.Folder, package)));
        return Path.GetDirectoryName(path) == Path.TrimEndingDirectorySeparator(_entry.Folder)
            && Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null
            && File.Exists(Path.Combine(path, ModelManifest.FileName)) ? path : null;
    }

    private IEnumerable<string> Packages() => ModelPackage.List(_entry.Folder).Select(p => Path.GetFileName(Path.GetDirectoryName(p.ManifestPath)!)).Take(20);

    private void Tell(string progress)
    {
        _progress = progress;
        LogProgress(_logger, progress);
        Changed?.Invoke(this, EventArgs.Empty);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Rollout: {Progress}")]
    private static partial void LogProgress(ILogger logger, string progress);
}
