using System.Buffers;
using System.Text;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Knows files that are no video but name others to be opened in their place: playlists and descriptions of sessions.</summary>
internal static class NamingText
{
    // As far as FFmpeg looks, too.
    private const int Looked = 1 << 20, Sample = 4096;

    private static readonly string[] Beginnings =
    [
        "ffconcat", "#extm3u", "[playlist]", "[reference]", "rtsptext", "rtsp://", "http://", "<smil", "<asx", "v=0",
    ];

    private static readonly string[] Anywhere = ["<mpd", "<compositionplaylist", "<assetmap", "<smoothstreamingmedia", "\nc=in ip", "\nm=video"];

    private static readonly SearchValues<byte> TextBytes = SearchValues.Create(
        [(byte)'\t', (byte)'\n', (byte)'\r', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(i => (byte)i)]);

    /// <summary>Whether a file is such a text, or a text at all.</summary>
    public static bool Is(string path)
    {
        byte[] bytes = new byte[Looked];
        using FileStream file = File.OpenRead(path);
        if (!file.CanSeek)
        {
            return false;
        }

        int count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> head = bytes.AsSpan(0, count);

        // FFmpeg compares up to the first zero.
        int zero = head.IndexOf((byte)0);
        string text = Encoding.Latin1.GetString(zero < 0 ? head : head[..zero]).ToLowerInvariant();
        string begun = text.TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\t', '\r', '\n');
        return Beginnings.Any(b => begun.StartsWith(b, StringComparison.Ordinal))
            || Anywhere.Any(a => text.Contains(a, StringComparison.Ordinal))
            || !head[..Math.Min(count, Sample)].ContainsAnyExcept(TextBytes);
    }
}
