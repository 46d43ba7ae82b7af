using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Folders of picture files.</summary>
internal sealed class ImageFolder : PictureKind
{
    public override string Name => "a folder of pictures";

    public override string Example => "pictures/";

    public override bool Matches(string address) => Directory.Exists(address);

    protected override OpenedSource Describe(string address, CameraSourceOptions options)
    {
        string[] paths;
        try
        {
            paths = [.. Directory.EnumerateFiles(address).Where(IsPicture)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CameraException($"The folder '{address}' cannot be read: {e.Message}", e);
        }

        if (paths.Length == 0)
        {
            throw new CameraException($"The folder '{address}' holds no pictures ({string.Join(", ", Extensions)}).");
        }

        Array.Sort(paths, NaturalOrder.Compare);
        return Describe($"folder {Path.GetFileName(Path.TrimEndingDirectorySeparator(address))}", paths, options);
    }
}
