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
    /// <summary>Makes one; nothing is opened yet.</summary>
    public RecordingTransport Create(RecordingRequest request)
    {
        var attachments = new List<McapAttachment> { Attachment(painterFile, Path.GetFileName(painterFile)), Attachment(file.Path, "pipeline.yaml") };
        if (file.Camera.Calibration is { } calibration)
        {
            attachments.Add(Attachment(calibration, "camera.yaml"));
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
    private McapAttachment Attachment(string path, string name)
    {
        string address = file.Camera.Source.Address, text = File.ReadAllText(path);
        string open = address.Length == 0 ? text : text.Replace(address, Redactor.Address(address), StringComparison.Ordinal);

        // Headers and cookies hold logins; in the file they stand in one piece or with their ends of lines escaped.
        IEnumerable<string> hidden = file.Camera.Source.Options.FfmpegOptions.Chunk(2)
            .Where(o => o[0] is "-headers" or "-cookies" or "-rtmp_conn" or "-rtmp_playpath")
            .SelectMany(o => o[^1].Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        open = hidden.Where(h => h.Length > 0).Aggregate(open, (shown, h) => shown.Replace(h, "…", StringComparison.Ordinal));
        return new McapAttachment(name, "application/yaml", Encoding.UTF8.GetBytes(Redactor.Text(open)));
    }
}
