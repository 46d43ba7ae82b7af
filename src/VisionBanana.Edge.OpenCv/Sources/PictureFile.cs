using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>One picture.</summary>
internal sealed class PictureFile : PictureKind
{
    public override string Name => "a picture";

    public override string Example => "table.jpg";

    public override bool Matches(string address) => IsPicture(address) && File.Exists(address);

    protected override OpenedSource Describe(string address, CameraSourceOptions options) =>
        Describe($"picture {Path.GetFileName(address)}", RequireReadable([address]), options);
}
