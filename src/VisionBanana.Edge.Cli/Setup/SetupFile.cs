using System.Globalization;
using System.Text;
using System.Text.Json;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Setup;

/// <summary>Turns what was picked into a pipeline file, and checks it as every pipeline file is checked.</summary>
internal static class SetupFile
{
    /// <summary>The text of the file.</summary>
    public static string Write(SetupChoices choices)
    {
        var text = new StringBuilder();
        text.Append("# Made by 'vbedge setup'; samples/pipeline.yaml shows every key. Run it: vbedge run THIS_FILE\nversion: 1\n");
        text.Append($"device: {Quoted(choices.Device)}\ncamera:\n  name: {Quoted(choices.Camera)}\n  source: {Quoted(AbsoluteOf(choices.Source))}\n");
        text.Append(choices.Calibration is { } file ? $"  calibration: {Quoted(AbsoluteOf(file))}\n" : "");
        text.Append(choices.HfovDeg is { } fov ? $"  hfov_deg: {Number(fov)}\n" : "");
        if (choices.Mount is { } mount)
        {
            string turned = $"[{Number(mount.RollDeg)}, {Number(mount.PitchDeg)}, 0]";
            text.Append($"  mount: {{parent: base_link, position_m: [0, 0, {Number(mount.HeightM)}], rpy_deg: {turned}}}\n");
        }

        text.Append("instructions:\n");
        foreach (SetupInstruction instruction in choices.Instructions)
        {
            text.Append($"  - {{ask: {Quoted(instruction.Ask)}, every: {instruction.Every}}}\n");
        }

        text.Append(choices.StreamsOff.Count == 0 ? "" : $"streams: {{{string.Join(", ", choices.StreamsOff.Select(s => $"{Quoted(s)}: false"))}}}\n");
        text.Append(MqttOf(choices.Mqtt));
        text.Append(choices.Zeromq is { } endpoint ? $"zeromq: {{bind: {Quoted(endpoint)}}}\n" : "");
        text.Append(choices.Foxglove ? "foxglove: {port: 8765}\n" : "");
        return text.ToString();
    }

    /// <summary>Writes the file to a path if it is right; otherwise nothing is written.</summary>
    /// <exception cref="ConfigurationException">Everything that is wrong with it.</exception>
    public static PipelineFile Save(SetupChoices choices, string path)
    {
        // Beside the file, so that relative paths mean the same; its own name, so that a file that is right is never replaced by one that is not.
        string draft = $"{path}.{Environment.ProcessId}.draft";
        try
        {
            File.WriteAllText(draft, Write(choices));
            PipelineFile file = ToolSections.Read(draft);
            WireTopics.CheckName("device", file.Device);
            WireTopics.CheckName("camera", file.Camera.Name);
            File.Move(draft, path, overwrite: true);
            return file;
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException(e.Message.Replace(draft, Path.GetFileName(path), StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be written: {e.Message}");
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string MqttOf(string? mqtt) => mqtt switch
    {
        null => "",
        "embedded" => "mqtt: {embedded: {port: 1883}}\n",
        _ when mqtt.LastIndexOf(':') is > 0 and var at => $"mqtt: {{broker: {{host: {Quoted(mqtt[..at])}, port: {Quoted(mqtt[(at + 1)..])}}}}}\n",
        _ => $"mqtt: {{broker: {{host: {Quoted(mqtt)}}}}}\n",
    };

    private static string AbsoluteOf(string address) =>
        address.Length == 0 || address.Contains("://", StringComparison.Ordinal) || address.All(char.IsAsciiDigit) ? address : Path.GetFullPath(address);

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A text of JSON is one of YAML, whatever stands in it.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
