using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Setup;

/// <summary>
/// Answers what the page asks, each with its <c>id</c>: <c>hello</c> (cameras, streams, the file to write), <c>try</c> (one painted picture) and
/// <c>save</c>. The page never names the file that is written.
/// </summary>
internal sealed class SetupRequests(string path, Func<IPainter> painter, TextWriter told) : IDisposable
{
    /// <summary>Streams that may be turned off: state and diagnostics belong to them all.</summary>
    private static readonly string[] Pictures = [.. Streams.All.Where(s => !s.IsState).Select(s => s.Name).Where(n => n != "diagnostics")];

    private readonly Lazy<IPainter> _painter = new(painter);

    /// <summary>The answer as JSON; what is wrong with a request is told in it.</summary>
    public async Task<byte[]> AnswerAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        int? id = null;
        try
        {
            using var document = JsonDocument.Parse(request, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
            JsonElement root = document.RootElement;
            id = root.GetProperty("id").GetInt32();
            object value = root.GetProperty("type").GetString() switch
            {
                "hello" => new { Path = path, Cameras = CameraFinder.Find(), Streams = Pictures },
                "try" => await TryAsync(SetupChoices.Read(root.GetProperty("choices")), cancellationToken).ConfigureAwait(false),
                "save" => Save(SetupChoices.Read(root.GetProperty("choices"))),
                var type => throw new MessageFormatException($"There is no request '{type}': expected hello, try or save."),
            };
            return Answer(new { Id = id, Ok = true, Value = value });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return Answer(new { Id = id, Ok = false, Error = "The request could not be understood: expected JSON with id, type and choices." });
        }
        catch (VisionBananaException e)
        {
            return Answer(new { Id = id, Ok = false, Error = e.Message });
        }
    }

    public void Dispose()
    {
        if (_painter.IsValueCreated)
        {
            _painter.Value.Dispose();
        }
    }

    private static byte[] Answer<T>(T value) => Encoding.UTF8.GetBytes(Json.Line(value));

    private async Task<object> TryAsync(SetupChoices choices, CancellationToken cancellationToken)
    {
        string draft = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            // The same reader and checks as for the file; sinks are not opened.
            PipelineFile file = SetupFile.Save(choices with { Mqtt = null, Zeromq = null, Foxglove = false }, draft);
            return await SetupTrial.MakeAsync(file.Camera, _painter.Value, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private object Save(SetupChoices choices)
    {
        SetupFile.Save(choices, path);
        told.WriteLine($"{path} was written: vbedge run {path}");
        return new { Path = path, Text = SetupFile.Write(choices) };
    }
}
