namespace VisionBanana.Edge.Navigation;

/// <summary>The pixels of one instance.</summary>
internal struct ObjectPixels
{
    public ushort Instance;

    /// <summary>All of them.</summary>
    public int Count;

    /// <summary>Those whose depth is known and that do not lie at its edge.</summary>
    public int Inner;

    /// <summary>Where the inner ones begin in the list of all.</summary>
    public int Start;

    public int Left, Top, Right, Bottom;

    public double Confidence;
}
