using System.Text.Json;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>Verdicts, one file for each key: a new driver, version or model is another key, and is checked anew.</summary>
/// <param name="cache">The folder of the engines, which has to be this user's alone.</param>
internal sealed class ParityStore(string cache)
{
    public const string FolderName = "parity";

    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>What was found out earlier; null when nothing was, or when it cannot be trusted.</summary>
    public ParityVerdict? Find(EngineKey key)
    {
        try
        {
            string path = PathOf(key);
            if (!File.Exists(path) || FileOwner.Problem(cache) is not null || FileOwner.Problem(path) is not null)
            {
                return null;
            }

            ParityVerdict? read = JsonSerializer.Deserialize<ParityVerdict>(File.ReadAllBytes(path), Format);
            return read is null || read.Beyond.IsDefault || read.Figures is null ? null : read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Keeps a verdict; where nothing can be kept it is found out again next time.</summary>
    public void Keep(EngineKey key, ParityVerdict verdict)
    {
        try
        {
            EngineFolder.Create(Path.Combine(cache, FolderName));
            if (FileOwner.Problem(cache) is not null)
            {
                return;
            }

            string path = PathOf(key), written = path + ".new";
            File.WriteAllBytes(written, JsonSerializer.SerializeToUtf8Bytes(verdict, Format));
            File.Move(written, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    public void Forget(EngineKey key)
    {
        try
        {
            File.Delete(PathOf(key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string PathOf(EngineKey key) => Path.Combine(cache, FolderName, key.Hash + ".json");
}
