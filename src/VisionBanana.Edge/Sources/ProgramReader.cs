using System.Diagnostics;
using System.Globalization;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Sources;

/// <summary>Reads raw pictures that a program writes to its standard output. A watchdog ends it when nothing comes for a while.</summary>
internal sealed class ProgramReader : IPictureReader
{
    /// <summary>What programs of cameras and of hardware decoders look for beside the path and the language.</summary>
    private static readonly Dictionary<string, string?> Environment = new()
    {
        ["HOME"] = null,
        ["XDG_RUNTIME_DIR"] = null,
        ["GST_PLUGIN_PATH"] = null,
        ["GST_REGISTRY"] = null,
        ["LIBVA_DRIVER_NAME"] = null,
    };

    private static readonly TimeSpan LastMoments = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly PipeBytes _bytes;
    private readonly TimeSpan _openTimeout, _stallTimeout;
    private readonly Timer _watchdog;
    private readonly Task _notes;
    private readonly SampleScaler? _scaler;
    private readonly byte[] _picture;
    private readonly int _step;
    private readonly byte[]? _limited;
    private readonly bool _hasHeader;
    private volatile string _lastNote = "";
    private volatile bool _timedOut;
    private int _grabbed, _part;
    private Timer? _last;

    /// <summary>Starts the program and, without a format, waits for what it says of its pictures.</summary>
    /// <exception cref="CameraException">There is no such program, or it sends something else.</exception>
    public ProgramReader(ProgramCommand command, CameraSourceOptions options)
    {
        _openTimeout = options.OpenTimeout ?? TimeSpan.FromSeconds(15);
        _stallTimeout = options.StallTimeout ?? TimeSpan.FromSeconds(5);
        _scaler = options.Scale is { } scale ? new SampleScaler(scale) : null;
        try
        {
            _process = ChildProgram.StartGroup(command.Program, command.Arguments, Environment);
        }
        catch (FileNotFoundException e)
        {
            throw new CameraException($"{e.Message} exec: starts a program of the PATH, or one with an absolute path; without a shell.", e);
        }

        _process.StandardInput.Close();
        _bytes = new PipeBytes(_process.StandardOutput.BaseStream);
        _notes = BoundedText.LinesAsync(_process.StandardError, line =>
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                _lastNote = Redactor.Text(line.Trim());
            }
        });
        _watchdog = new Timer(_ => OnSilence(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            Header = options.RawFormat is { } format
                ? new VideoHeader(options.Width!.Value, options.Height!.Value, options.FramesPerSecond, format, false)
                : Watched(() => VideoHeader.Read(_bytes)) ?? throw new CameraAbsentException($"{command.Shown} sends no picture: {EndReason}.");
            _hasHeader = options.RawFormat is null;
            (_step, int length) = Header.Encoding.Packed(Header.Width, Header.Height);
            _picture = new byte[length];
            _limited = Header.IsFullRange ? Limited() : null;
        }
        catch (Exception e) when (e is VisionBananaException or IOException)
        {
            string reason = e is IOException ? EndReason : "";
            Dispose();
            throw e is CameraException ? e : new CameraException($"{command.Shown} cannot be read: {(e is IOException ? reason : e.Message)}", e);
        }
    }

    /// <summary>What its pictures are.</summary>
    public VideoHeader Header { get; }

    /// <summary>A still scene gives equal pictures: they say nothing.</summary>
    public double TimestampMs => _grabbed;

    public string Current => $"picture {_grabbed - 1}, {Header.Width}×{Header.Height}";

    public string EndReason
    {
        get
        {
            // Its last words may still be in the pipe.
            bool ended = _process.WaitForExit(1000);
            _notes.Wait(1000);
            string words = _lastNote.Length == 0 ? "" : $"; it said: {_lastNote}";
            string cut = _part == 0 ? "" : $" within a picture, after {_part} of {_picture.Length} bytes: is the size what it sends?";
            return _timedOut
                ? string.Create(CultureInfo.InvariantCulture, $"nothing came for {Patience.TotalSeconds:0.#} s{cut}{words}")
                : $"the program ended{(ended ? $" with exit code {_process.ExitCode}" : "")}{cut}{words}";
        }
    }

    private TimeSpan Patience => _grabbed == 0 ? _openTimeout : _stallTimeout;

    public bool Grab()
    {
        try
        {
            return Watched(() =>
            {
                if (_hasHeader && !VideoHeader.TryReadFrame(_bytes))
                {
                    return false;
                }

                _part = _bytes.Read(_picture);
                if (_part < _picture.Length)
                {
                    return false;
                }

                _part = 0;
                _grabbed++;
                return true;
            });
        }
        catch (IOException)
        {
            return false;
        }
    }

    public PictureOutcome Read(CameraFrame frame)
    {
        if (_limited is { } table)
        {
            for (int i = 0, luminance = Header.Width * Header.Height; i < _picture.Length; i++)
            {
                _picture[i] = table[(i < luminance ? 0 : 256) + _picture[i]];
            }
        }

        Header.Encoding.Convert(_picture, Header.Width, Header.Height, _step, false, frame.Format, frame.Pixels, _scaler);
        return PictureOutcome.Read;
    }

    /// <summary>What is to be said of a file that ended within a picture, or of a program that failed.</summary>
    public string Remark => _part > 0 || (_process.WaitForExit(1000) && _process.ExitCode != 0) ? EndReason : "";

    /// <summary>Asks the program to end, so that it can give a camera back; one that does not in two seconds is ended.</summary>
    public void Abort()
    {
        ChildProgram.EndGroup(_process, atOnce: false);
        Interlocked.Exchange(ref _last, new Timer(_ => ChildProgram.EndGroup(_process, atOnce: true), null, LastMoments, Timeout.InfiniteTimeSpan))?.Dispose();
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        ChildProgram.EndGroup(_process, atOnce: false);
        _process.WaitForExit(LastMoments);
        ChildProgram.EndGroup(_process, atOnce: true);

        _last?.Dispose();
        _process.Dispose();
    }

    /// <summary>Luminance, then colour, of full range as the limited range that <see cref="RawEncoding"/> reads.</summary>
    private static byte[] Limited() =>
    [
        .. Enumerable.Range(0, 256).Select(y => (byte)Math.Round(16 + (y * 219 / 255.0))),
        .. Enumerable.Range(0, 256).Select(c => (byte)Math.Round(128 + ((c - 128) * 224 / 255.0))),
    ];

    private T Watched<T>(Func<T> read)
    {
        _watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
        try
        {
            return read();
        }
        finally
        {
            _watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnSilence()
    {
        _timedOut = true;
        Abort();
    }
}
