using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using VisionBanana.Edge.Network;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Sources;

/// <summary>
/// Reads a network stream through the <c>ffmpeg</c> program. A watchdog ends it when nothing comes for a while, so that no
/// protocol's own idea of a time-out matters.
/// </summary>
internal sealed partial class FfmpegReader : IPictureReader
{
    private readonly Process _process;
    private readonly PpmStream _pictures;
    private readonly TimeSpan _openTimeout, _stallTimeout;
    private readonly Timer _watchdog;
    private readonly object _notes = new();
    private readonly Queue<(int Width, int Height)> _sizes = new();
    private readonly StreamDoor _door;
    private readonly string _shownUrl;
    private readonly Task _reading;
    private long _pending;
    private int _grabbed;
    private int _unreadable;
    private bool _timedOut, _isStretched, _isForGood;
    private string _lastNote = "", _refusal = "";
    private string _codec = "";

    /// <summary>Starts to connect; the first <see cref="Grab"/> waits for the picture.</summary>
    /// <param name="url">The address.</param>
    /// <param name="shownUrl">The address as messages may show it, without password.</param>
    /// <param name="options">How long a connection or a picture may take, and what else FFmpeg is told.</param>
    /// <param name="reading">What is known of the stream.</param>
    public FfmpegReader(string url, string shownUrl, CameraSourceOptions options, StreamReading reading = default)
    {
        _shownUrl = shownUrl;
        (_openTimeout, _stallTimeout) = (options.OpenTimeout ?? TimeSpan.FromSeconds(15), options.StallTimeout ?? TimeSpan.FromSeconds(5));
        _door = StreamDoor.Open(url, options);
        try
        {
            _process = FfmpegProgram.Start(_door, reading);
        }
        catch
        {
            _door.Dispose();
            throw;
        }

        _pictures = new PpmStream(_process.StandardOutput.BaseStream);
        _reading = BoundedText.LinesAsync(_process.StandardError, Note);
        _watchdog = new Timer(_ => OnSilence(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Size of the picture that was grabbed last, as it was sent: FFmpeg stretches later ones to the size of the first.</summary>
    public int Width { get; private set; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; private set; }

    /// <summary>The rate that the stream claims; null when it does not say.</summary>
    public double? FramesPerSecond { get; private set; }

    /// <summary>True when every picture is a JPEG of its own.</summary>
    public bool IsMotionJpeg => _codec == "mjpeg";

    /// <summary>
    /// True when waiting does not help: it leads where it may not, the camera lets nobody in with this password, or what comes is no video. Known after
    /// <see cref="EndReason"/> was asked.
    /// </summary>
    public bool IsRefused
    {
        get
        {
            lock (_notes)
            {
                return _door.IsRefusal || _refusal.Length > 0 || _isForGood;
            }
        }
    }

    /// <summary>True when the stream ended before its first picture, which is not silence: there may have been one.</summary>
    public bool EndedEmpty
    {
        get
        {
            _ = EndReason;
            lock (_notes)
            {
                return !_timedOut && _grabbed == 0 && _codec.Length > 0;
            }
        }
    }

    // A still scene may be coded as "like the one before", so equal pictures say nothing; motion JPEG has no such thing.
    public double TimestampMs => IsMotionJpeg ? 0 : _grabbed;

    public string Current => $"picture {_grabbed - 1}, {Width}×{Height}";

    private TimeSpan Patience => _grabbed == 0 ? _openTimeout : _stallTimeout;

    public string EndReason
    {
        get
        {
            // Its last words may still be in the pipe.
            _process.WaitForExit(1000);
            _reading.Wait(1000);

            lock (_notes)
            {
                return _door.Problem is { } problem ? problem
                    : _refusal.Length > 0 ? _refusal
                    : _timedOut ? string.Create(CultureInfo.InvariantCulture, $"nothing came for {Patience.TotalSeconds:0.#} s")
                    : _grabbed > 0 || _lastNote.Length == 0 ? "the stream ended"
                    : _lastNote;
            }
        }
    }

    /// <summary>Waits until ffmpeg has described the stream, which it does on another pipe than the pictures.</summary>
    public void WaitForDescription()
    {
        lock (_notes)
        {
            for (int i = 0; i < 5 && _codec.Length == 0; i++)
            {
                Monitor.Wait(_notes, 100);
            }
        }
    }

    public bool Grab()
    {
        _watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
        try
        {
            if (!_pictures.TrySkip(_pending) || !_pictures.TryReadHeader(out int width, out int height))
            {
                return false;
            }

            _pending = (long)width * height * 3;
            (Width, Height) = SentSize() ?? (width, height);
            _isStretched = (Width, Height) != (width, height);
            _grabbed++;
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            _watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public PictureOutcome Read(CameraFrame frame) => !_isStretched && (frame.Width, frame.Height) == (Width, Height) && TryReadPixels(frame.Pixels)
        ? PictureOutcome.Read
        : PictureOutcome.Unreadable;

    /// <summary>Reads the pixels of the picture that was grabbed, RGB, Height × Width × 3 bytes; false when the stream breaks off.</summary>
    public bool TryReadPixels(Span<byte> pixels)
    {
        if (pixels.Length != _pending)
        {
            return false;
        }

        _pending = 0;
        _watchdog.Change(Patience, Timeout.InfiniteTimeSpan);
        try
        {
            return _pictures.TryReadPixels(pixels);
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            _watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public int TakeUnreadable() => Interlocked.Exchange(ref _unreadable, 0);

    public void Abort() => ChildProgram.Kill(_process);

    public void Dispose()
    {
        _watchdog.Dispose();
        Abort();
        _door.Dispose();
        _process.Dispose();
    }

    /// <summary>The size before any scaling, which ffmpeg tells on another pipe, before the picture; null when it does not.</summary>
    private (int Width, int Height)? SentSize()
    {
        lock (_notes)
        {
            for (int i = 0; i < 10 && _sizes.Count == 0; i++)
            {
                Monitor.Wait(_notes, 100);
            }

            return _sizes.TryDequeue(out (int, int) size) ? size : null;
        }
    }

    private void OnSilence()
    {
        lock (_notes)
        {
            _timedOut = true;
        }

        Abort();
    }

    private void Note(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_notes)
        {
            if (SizeLine().Match(line) is { Success: true } sent)
            {
                _sizes.Enqueue((Number(sent.Groups["width"]), Number(sent.Groups["height"])));
                Monitor.PulseAll(_notes);
                return;
            }

            if (line.StartsWith("[Parsed_showinfo", StringComparison.Ordinal))
            {
                return;
            }

            if (VideoLine().Match(line) is { Success: true } video)
            {
                // The output is described in the same words; the input comes first.
                _codec = _codec.Length == 0 ? video.Groups["codec"].Value : _codec;
                Monitor.PulseAll(_notes);
                FramesPerSecond ??= double.TryParse(video.Groups["fps"].Value, CultureInfo.InvariantCulture, out double rate) && rate > 0 ? rate : null;
            }

            if (line.StartsWith("Error while decoding stream", StringComparison.Ordinal)
                || line.Contains("Error submitting packet to decoder", StringComparison.Ordinal))
            {
                _unreadable++;
            }
            else if (line.Contains("not on whitelist", StringComparison.Ordinal))
            {
                _refusal = line.Contains("Format", StringComparison.Ordinal)
                    ? "it is no video but a playlist or another text that names other places; HLS and DASH are read by HTTP under their own names, "
                        + ".m3u8 and .mpd"
                    : $"it leads to a place that is not followed: {Shown(line)}";
            }

            _isForGood |= ForGood().IsMatch(line);
            if (!line.StartsWith(' '))
            {
                _lastNote = Shown(line);
            }
        }
    }

    private string Shown(string line) => Redactor.Text(Sender().Replace(line, "").Trim().Replace(_door.Url, _shownUrl, StringComparison.Ordinal));

    private static int Number(Group digits) => int.TryParse(digits.ValueSpan, CultureInfo.InvariantCulture, out int number) ? number : 0;

    [GeneratedRegex(@"^\[Parsed_showinfo\S* @ 0x[0-9a-f]+\] n:.* s:(?<width>\d+)x(?<height>\d+) ", RegexOptions.CultureInvariant)]
    private static partial Regex SizeLine();

    [GeneratedRegex(@"Stream #\S+.*: Video: (?<codec>\w+)(?:.*?, (?<fps>[\d.]+) fps)?", RegexOptions.CultureInvariant)]
    private static partial Regex VideoLine();

    [GeneratedRegex("Server returned 40[13]|Invalid data found when processing input", RegexOptions.CultureInvariant)]
    private static partial Regex ForGood();

    /// <summary><c>[tcp @ 0x55d0c8]</c>: the part of ffmpeg that wrote the line.</summary>
    [GeneratedRegex(@"^\[\S+ @ 0x[0-9a-f]+\]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Sender();
}
