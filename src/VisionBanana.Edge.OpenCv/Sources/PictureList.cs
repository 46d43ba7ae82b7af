using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Pictures in the order that code gives; no address names them.</summary>
internal sealed class PictureList(IReadOnlyList<string> paths) : PictureKind
{
    public override string Name => "a list of pictures";

    public override string Example => "";

    public override bool Matches(string address) => false;

    protected override OpenedSource Describe(string address, CameraSourceOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
        {
            throw new CameraException("The list of pictures is empty.");
        }

        return Describe(address, RequireReadable(paths), options);
    }
}
