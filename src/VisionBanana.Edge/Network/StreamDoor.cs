using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Network;

/// <summary>
/// What FFmpeg gets instead of a camera's address. Its arguments can be read by every user of the machine, and it follows wherever an answer leads: so
/// secrets, redirects and the places of playlists stay on this side.
/// </summary>
internal abstract class StreamDoor(string protocols, string formats) : IDisposable
{
    /// <summary>Formats that hold pictures themselves; those that name other files and places are not among them.</summary>
    protected const string Videos = "mpegts,mjpeg,mpjpeg,jpeg_pipe,png_pipe,mov,matroska,webm,flv,live_flv,h264,hevc,m4v,mpegvideo,mpeg,avi,ogg,ivf,obu,av1,"
        + "asf,nut,vc1,yuv4mpegpipe,mxf";

    private string? _problem;

    /// <summary>The address for FFmpeg; nothing secret is in it.</summary>
    public abstract string Url { get; }

    /// <summary>What FFmpeg is told for its input, before the address.</summary>
    public virtual IReadOnlyList<string> Options => ["-protocol_whitelist", protocols, "-format_whitelist", formats];

    /// <summary>What its environment gets.</summary>
    public virtual IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>();

    /// <summary>What is written to its standard input; null = nothing.</summary>
    public virtual string? Input => null;

    /// <summary>What this side knows of why there are no pictures; null = nothing.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Whether the problem is that a place is not followed.</summary>
    public bool IsRefusal { get; private set; }

    /// <summary>Opens the one for an address.</summary>
    /// <exception cref="CameraException">The address cannot be used.</exception>
    public static StreamDoor Open(string url, CameraSourceOptions options)
    {
        var address = StreamAddress.Parse(url);
        return address.Scheme switch
        {
            "http" or "https" => new HttpDoor(address, options),
            "rtsp" or "rtsps" => new RtspDoor(address, options),
            "rtmp" => new RtmpDoor(url, options),
            _ => new PlainDoor(address, options),
        };
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes it; what still goes through breaks off.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    /// <summary>The first problem is the cause of the others.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="isRefusal">Whether it is not followed: waiting does not change that.</param>
    protected void Tell(string problem, bool isRefusal = false)
    {
        if (Interlocked.CompareExchange(ref _problem, Redactor.Text(problem), null) is null)
        {
            IsRefusal = isRefusal;
        }
    }
}
