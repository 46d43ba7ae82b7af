using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Network;

/// <summary>TCP and UDP: nothing is asked, so nothing can lead elsewhere, and a password would have no use.</summary>
internal sealed class PlainDoor(StreamAddress address, CameraSourceOptions options) : StreamDoor(address.Scheme, Videos)
{
    public override string Url => $"{address.Scheme}://{(address.Port > 0 ? address.Authority : address.HostInAddress)}{address.OpenPath}{address.OpenQuery}";

    public override IReadOnlyList<string> Options => [.. base.Options, .. options.FfmpegOptions];
}
