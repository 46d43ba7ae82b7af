using System.Numerics;

namespace VisionBanana.Edge.Codecs;

/// <summary>Joins the parts of an object that something in front of it has cut apart.</summary>
internal static class InstanceMerger
{
    /// <summary>
    /// Merges until no pair fits. The survivors are in raster order; the earlier of a pair takes the later one in.
    /// Afterwards <see cref="Region.MergedInto"/> of each survivor is the region that holds the sum.
    /// </summary>
    public static void Merge(Span<Region> regions, ReadOnlySpan<int> survivors, int tolerance2, int maxJointBoxRatio)
    {
        foreach (int i in survivors)
        {
            regions[i].MergedInto = i;
        }

        bool merged;
        do
        {
            merged = false;
            for (int a = 0; a < survivors.Length; a++)
            {
                ref Region first = ref regions[survivors[a]];
                if (first.MergedInto != survivors[a])
                {
                    continue;
                }

                for (int b = a + 1; b < survivors.Length; b++)
                {
                    ref Region second = ref regions[survivors[b]];
                    if (second.MergedInto == survivors[b] && BelongTogether(in first, in second, tolerance2, maxJointBoxRatio))
                    {
                        first.Include(in second);
                        second.MergedInto = survivors[a];
                        merged = true;
                    }
                }
            }
        }
        while (merged);

        // Roots come before what was merged into them: one pass makes every chain one step long.
        foreach (int i in survivors)
        {
            regions[i].MergedInto = regions[regions[i].MergedInto].MergedInto;
        }
    }

    private static bool BelongTogether(in Region a, in Region b, int tolerance2, int maxJointBoxRatio) =>
        Vector3.DistanceSquared(a.MeanColour, b.MeanColour) <= tolerance2 && a.JointBoxArea(in b) <= maxJointBoxRatio * (a.BoxArea + b.BoxArea);
}
