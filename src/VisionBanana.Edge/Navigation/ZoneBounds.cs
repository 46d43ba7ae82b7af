namespace VisionBanana.Edge.Navigation;

/// <summary>A zone as points are tested against it.</summary>
internal sealed class ZoneBounds(ZoneOptions zone, ObstacleOptions obstacles)
{
    private readonly float _enter = (float)zone.EnterM, _leave = (float)zone.LeaveM;

    public readonly float
        MinX = zone.Shape.MinX - (float)zone.LeaveM, MaxX = zone.Shape.MaxX + (float)zone.LeaveM,
        MinY = zone.Shape.MinY - (float)zone.LeaveM, MaxY = zone.Shape.MaxY + (float)zone.LeaveM,
        Low = (float)(zone.MinHeightM ?? obstacles.MinHeightM), High = (float)(zone.MaxHeightM ?? obstacles.MaxHeightM);

    public readonly ClassFilter? Classes = zone.Classes.IsDefaultOrEmpty ? null : new ClassFilter(zone.Classes);

    /// <summary>Counts a point that lies within the bounds.</summary>
    public void Count(float x, float y, int pixel, bool occupied, ref ZoneTally tally)
    {
        float outside = zone.Shape.OutsideM(x, y), squared = (x * x) + (y * y);
        if (outside > _leave)
        {
            return;
        }

        tally.Staying++;
        bool enters = outside <= _enter;
        tally.Entered += enters ? 1 : 0;
        if ((enters || occupied) && squared < tally.NearestSquared)
        {
            (tally.NearestSquared, tally.Pixel) = (squared, pixel);
        }
    }
}
