using System.Text;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Network;

/// <summary>RTMP, whose address ends in a key: FFmpeg reads it from its standard input, as a list of one. The protocol knows no redirects.</summary>
internal sealed class RtmpDoor(string url, CameraSourceOptions options) : StreamDoor("pipe,rtmp,tcp", "concat,flv,live_flv")
{
    private const string Prefix = "-rtmp_";

    public override string Url => "pipe:0";

    public override IReadOnlyList<string> Options =>
        ["-f", "concat", "-safe", "0", .. base.Options, .. Pairs(own: false).SelectMany(p => new[] { p.Name, p.Value })];

    public override string Input
    {
        get
        {
            var list = new StringBuilder("ffconcat version 1.0\nfile ").Append(Quoted(url)).Append('\n');
            foreach ((string name, string value) in Pairs(own: true))
            {
                list.Append("option ").Append(name.AsSpan(1)).Append(' ').Append(Quoted(value)).Append('\n');
            }

            return list.ToString();
        }
    }

    private IEnumerable<(string Name, string Value)> Pairs(bool own) => options.FfmpegOptions.Chunk(2).Select(p => (p[0], p[1]))
        .Where(p => p.Item1.StartsWith(Prefix, StringComparison.Ordinal) == own);

    private static string Quoted(string text) => text.AsSpan().ContainsAny('\n', '\r', '\0')
        ? throw new CameraException("An address and its options stand on one line each.")
        : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
