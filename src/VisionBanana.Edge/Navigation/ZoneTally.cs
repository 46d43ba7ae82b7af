namespace VisionBanana.Edge.Navigation;

/// <summary>What of a picture lies in one zone.</summary>
internal struct ZoneTally
{
    /// <summary>Points near enough to make the zone occupied.</summary>
    public int Entered;

    /// <summary>Points near enough to keep it so.</summary>
    public int Staying;

    /// <summary>The nearest of the points that count now: its squared distance and its pixel.</summary>
    public float NearestSquared;

    public int Pixel;
}
