using System.Text;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>Makes recordings of one pipeline, each with the files and the model that it was made with.</summary>
/// <param name="file">The pipeline file.</param>
/// <param name="painterFile">The file that describes the painter.</param>
/// <param name="painter">The painter that runs.</param>
/// <param name="logger">Told when a recording ends before its time.</param>
internal sealed class RecordingFactory(PipelineFile file, string painterFile, PainterDescription painter, ILogger logger)
{
    /// <summary>Makes one of this camera; nothing is opened yet.</summary>
    public RecordingTransport Create(RecordingRequest request) => Create(request, [file]);

    /// <summary>Makes one of several cameras, this one among them; nothing is opened yet.</summary>
    public RecordingTransport Create(RecordingRequest request, IReadOnlyList<PipelineFile> cameras)
    {
        var attachments = new List<McapAttachment>
        {
            Attachment(painterFile, Path.GetFileName(painterFile), cameras), Attachment(file.Path, "pipeline.yaml", cameras),
        };
        foreach (CameraEntry camera in cameras.Select(c => c.Camera))
        {
            if (camera.Calibration is { } calibration)
            {
                attachments.Add(Attachment(calibration, cameras.Count == 1 ? "camera.yaml" : $"camera-{camera.Name}.yaml", cameras));
            }
        }

        return new RecordingTransport(new RecordingOptions
        {
            Path = request.Path,
            Device = file.Device,
            Camera = file.Camera.Name,
            IncludeSource = request.IncludeSource,
            Writer = request.Writer,
            Logger = logger,
            Attachments = attachments,
            Metadata = new Dictionary<string, string>
            {
                ["model"] = $"{painter.Name} {painter.Version}",
                ["model_sha256"] = painter.Sha256,
                ["provider"] = painter.Provider,
            },
        });
    }

    /// <summary>The file as it may be shown to whoever gets the recording.</summary>
    private static McapAttachment Attachment(string path, string name, IReadOnlyList<PipelineFile> cameras)
    {
        string open = cameras.Select(c => c.Camera.Source.Address).Where(address => address.Length > 0).Aggregate(
            File.ReadAllText(path), (text, address) => text.Replace(address, Redactor.Address(address), StringComparison.Ordinal));

        // Headers and cookies hold logins; in the file they stand in one piece or with their ends of lines escaped.
        IEnumerable<string> hidden = cameras.SelectMany(c => c.Camera.Source.Options.FfmpegOptions.Chunk(2))
            .Where(o => o[0] is "-headers" or "-cookies" or "-rtmp_conn" or "-rtmp_playpath")
            .SelectMany(o => o[^1].Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        open = hidden.Where(h => h.Length > 0).Aggregate(open, (shown, h) => shown.Replace(h, "…", StringComparison.Ordinal));
        return new McapAttachment(name, "application/yaml", Encoding.UTF8.GetBytes(Redactor.Text(open)));
    }
}
