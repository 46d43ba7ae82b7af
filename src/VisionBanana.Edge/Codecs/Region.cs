using System.Numerics;

namespace VisionBanana.Edge.Codecs;

/// <summary>A connected area of one colour, and after merging the sum of the areas that form one object.</summary>
internal struct Region
{
    public int Area;
    public int ErodedArea;
    public long Red;
    public long Green;
    public long Blue;
    public int Left;
    public int Top;
    public int Right;
    public int Bottom;

    /// <summary>The earlier region that stands for this one, or its own index.</summary>
    public int MergedInto;

    public readonly Vector3 MeanColour => new Vector3(Red, Green, Blue) / Area;

    public readonly long BoxArea => (long)(Right - Left + 1) * (Bottom - Top + 1);

    public readonly long JointBoxArea(in Region other) =>
        (long)(Math.Max(Right, other.Right) - Math.Min(Left, other.Left) + 1) * (Math.Max(Bottom, other.Bottom) - Math.Min(Top, other.Top) + 1);

    public void Include(in Region other)
    {
        Area += other.Area;
        ErodedArea += other.ErodedArea;
        Red += other.Red;
        Green += other.Green;
        Blue += other.Blue;
        Left = Math.Min(Left, other.Left);
        Top = Math.Min(Top, other.Top);
        Right = Math.Max(Right, other.Right);
        Bottom = Math.Max(Bottom, other.Bottom);
    }
}
