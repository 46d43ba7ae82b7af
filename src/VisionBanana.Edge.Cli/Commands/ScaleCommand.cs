using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>
/// <c>vbedge scale</c>: a tape measure. Finds the factor that brings the painter's metres to a known distance, and writes it beside the calibration.
/// </summary>
internal static class ScaleCommand
{
    private const int MostPictures = 300;

    public static Command Create()
    {
        var source = new Argument<string>("source") { Description = "The camera, or anything that 'vbedge run --source' takes." };
        Option<double?> known = OptionOf.Number(
            "--known", 0.05, 1000, "m", "2.0", "The true distance from the camera to the place in a straight line, by tape measure.");
        known.Required = true;
        var at = new Option<string?>("--at")
        {
            Description = "The place, as x,y: shares of width and height from the top left corner; default 0.5,0.5, the middle.",
        };
        Option<double> seconds = OptionOf.Number("--seconds", 0.1, 600, "s", "3", "How long is averaged.", 3);
        Option<FileInfo?> camera = CommonOptions.Camera();
        Option<double?> hfov = CommonOptions.Hfov();
        Option<string?> model = CommonOptions.Model();
        Option<string?> precision = CommonOptions.Precision();
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Writes the factor here; default: beside the calibration, NAME.scale.yaml." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("scale", "Measures how far the metres of a camera are off at a known distance, and writes the factor that mends it.")
        {
            source, known, at, seconds, camera, hfov, model, precision, output, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? calibration = parsed.GetValue(camera)?.ToString();
            (double x, double y) = PlaceOf(parsed.GetValue(at));
            var measure = new TapeMeasure(parsed.GetValue(known)!.Value, x, y);
            PipelineFile file = ToolSections.Read(Assets.DemoPipeline)
                .With(parsed.GetValue(source), calibration, parsed.GetValue(hfov), null, []);
            string? path = parsed.GetValue(output)?.ToString() ?? (calibration is null ? null : CameraScaleFile.PathOf(calibration));
            using ILoggerFactory loggers = CommonOptions.CreateLoggers();
            using IPainter painter = PainterChoice.Of(parsed.GetValue(model))
                .Load(CommonOptions.With(new ExecutionOptions(), parsed.GetValue(precision)), cancellationToken: cancellationToken);
            await MeasureAsync(file, painter, measure, TimeSpan.FromSeconds(parsed.GetValue(seconds)), loggers, cancellationToken).ConfigureAwait(false);
            TapeMeasurement found = measure.Result();
            string name = $"{painter.Description.Name} {painter.Description.Version}";
            if (path is not null)
            {
                Write(path, found, name, parsed.GetValue(known)!.Value);
            }

            return Report.Print(
                parsed.GetValue(json),
                new
                {
                    found.Factor,
                    found.Std,
                    found.PaintedM,
                    KnownM = parsed.GetValue(known),
                    found.Spread,
                    found.Pictures,
                    Model = name,
                    File = path,
                },
                _ => Console.WriteLine(Words(found, parsed.GetValue(known)!.Value, path)));
        });
        return command;
    }

    internal static void Write(string path, TapeMeasurement found, string model, double knownM)
    {
        try
        {
            new CameraScaleFile { Factor = found.Factor, Std = found.Std, Model = model, KnownM = knownM, Pictures = found.Pictures }.Write(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The factor cannot be written to '{path}': {e.Message}", e);
        }
    }

    private static (double X, double Y) PlaceOf(string? text)
    {
        if (text is null)
        {
            return (0.5, 0.5);
        }

        string[] parts = text.Split(',');
        return parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double x) && x is >= 0 and <= 1
            && double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double y) && y is >= 0 and <= 1
                ? (x, y)
                : throw new ConfigurationException($"--at: expected x,y as shares of width and height such as 0.5,0.5, found '{text}'.");
    }

    private static string Words(TapeMeasurement found, double known, string? path) => string.Create(
        CultureInfo.InvariantCulture,
        $"painted {found.PaintedM:0.###} m, known {known:0.###} m: factor {found.Factor:0.####} (bias {100 * ((found.PaintedM / known) - 1):+0.0;-0.0} %, "
            + $"spread {100 * found.Spread:0.0} % over {found.Pictures} pictures)")
            + (path is null ? "; not written: give --camera or -o" : $"{Environment.NewLine}written to {path}");

    private static async Task MeasureAsync(
        PipelineFile file, IPainter painter, TapeMeasure measure, TimeSpan time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ILogger logger = loggers.CreateLogger("vbedge");
        using ICameraSource source = CameraOpener.Open(file.Camera, logger);
        var perceiver = new Perceiver(painter, new InstructionSchedule([new ScheduledInstruction(Instruction.MetricDepth())]), new PerceiveOptions
        {
            Size = OutputSize.Source,
        });
        perceiver.RequireCalibrationFor(source.Intrinsics, source.CalibrationProblem);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        long start = 0, last = 0;
        void Note(PerceptionFrame frame)
        {
            start = start == 0 ? frame.CapturedAt.UtcNs : start;
            last = frame.CapturedAt.UtcNs;
            if (frame.Find(PerceptKind.Depth) is { } depth && frame.Intrinsics is { } camera)
            {
                measure.Add(depth.Depth, camera);
            }

            if (last - start >= time.TotalNanoseconds || measure.Pictures >= MostPictures)
            {
                ended.TrySetResult();
            }
        }

        IObservable<CameraFrame> pictures = source.IsLive ? source.Frames.KeepLatest(null, logger) : source.Frames.KeepAll(2, null, logger);
        using (pictures.Perceive(perceiver, null, logger).Subscribe(Note, e => ended.TrySetException(e), () => ended.TrySetResult()))
        using (cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken)))
        {
            await ended.Task.ConfigureAwait(false);
        }
    }
}
