using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Sources;

/// <summary>
/// What any program writes to its standard output: <c>exec:rpicam-vid … -o -</c>. YUV4MPEG2, which says what it is, or raw pictures of a format, width and
/// height that are given. Live by default: when the program ends it is started again, with growing pauses. With <see cref="Pace.None"/> it is a file
/// that waits for the pipeline and ends when the program does. The command is split into words and started without a shell.
/// </summary>
public sealed class ProgramKind : SourceKind
{
    /// <summary>What such an address begins with.</summary>
    public const string Scheme = "exec:";

    /// <inheritdoc/>
    public override string Name => "a program";

    /// <inheritdoc/>
    public override string Example => "exec:COMMAND that writes YUV4MPEG2";

    /// <inheritdoc/>
    public override SourceSettings Takes => SourceSettings.Pace | SourceSettings.Rate | SourceSettings.Size | SourceSettings.RawFormat
        | SourceSettings.FieldOfView | SourceSettings.Timeouts | SourceSettings.Scale;

    /// <inheritdoc/>
    public override bool Matches(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <inheritdoc/>
    protected override ICameraSource OpenCamera(string address, CameraSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        var command = ProgramCommand.Parse(address[Scheme.Length..]);
        bool isRaw = options.RawFormat is not null;
        if (isRaw && (options.Width is null || options.Height is null))
        {
            throw new CameraException(
                $"Raw pictures of a program have no size of their own: expected width and height beside format: {options.RawFormat!.Name}.");
        }

        if (!isRaw && (options.Width ?? options.Height ?? options.FramesPerSecond) is not null)
        {
            throw new CameraException("YUV4MPEG2 tells width, height and rate itself: leave them out, or say format for raw pictures.");
        }

        if (isRaw && (long)options.Width!.Value * options.Height!.Value > VideoHeader.MostPixels)
        {
            throw new CameraException($"Pictures of {options.Width}×{options.Height}: expected at most {VideoHeader.MostPixels} pixels.");
        }

        using var reader = new ProgramReader(command, options);
        if (!reader.Grab())
        {
            throw new CameraAbsentException($"{command.Shown} sends no picture: {reader.EndReason}.");
        }

        VideoHeader header = reader.Header;
        bool isLive = options.Pace != Pace.None;
        string text = FormattableString.Invariant($"program {command.Shown}, {header.Width}×{header.Height}, {header.Encoding.Name}")
            + (header.FramesPerSecond is { } rate ? FormattableString.Invariant($", {rate:0.##} Hz") : "");
        return new ReaderSource(new OpenedSource(text, header.Width, header.Height, isLive, header.FramesPerSecond, options, () =>
        {
            var again = new ProgramReader(command, options);
            if (again.Header == header)
            {
                return again;
            }

            VideoHeader now = again.Header;
            again.Dispose();
            throw new CameraException($"{command.Shown} sends {now.Width}×{now.Height} {now.Encoding.Name} now: {header.Width}×{header.Height} "
                + $"{header.Encoding.Name} before.");
        })
        {
            Format = header.Encoding.Format,
        });
    }
}
