using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// Colours for the slots of an instance painting: points of a lattice in the RGB cube, so that any two are much farther apart than the decoder's
/// tolerance (<see cref="InstanceCodec.ColourTolerance"/>), and so is the background. Slots are cells of a grid over the picture, row by row; cells
/// that touch get colours as different as can be.
/// </summary>
internal static class InstanceColours
{
    /// <summary>Columns of the grid: slot = row · 9 + column.</summary>
    public const int Columns = 9;

    private const int FewestLevels = 5;

    /// <summary>One colour for each slot.</summary>
    /// <param name="slots">At most <see cref="Models.InstancesTask.MostSlots"/>.</param>
    /// <param name="backgroundSlot">The slot that gets the background.</param>
    /// <param name="background">The instruction's background.</param>
    public static Rgb24[] Of(int slots, int backgroundSlot, Rgb24 background)
    {
        List<Rgb24> free = Lattice(slots, background);
        var colours = new Rgb24[slots];
        colours[backgroundSlot] = background;
        for (int slot = 0, cell = 0; slot < slots; slot++)
        {
            if (slot == backgroundSlot)
            {
                continue;
            }

            // Cells and slots differ by one behind a background slot in the middle.
            int column = cell % Columns;
            List<Rgb24> touching = [background];
            foreach ((int back, bool isThere) in new[] { (1, column > 0), (Columns + 1, column > 0), (Columns, true), (Columns - 1, column < Columns - 1) })
            {
                if (isThere && cell - back >= 0)
                {
                    touching.Add(colours[SlotOf(cell - back, backgroundSlot)]);
                }
            }

            Rgb24 best = free.MaxBy(c => touching.Min(t => Rgb24.SquaredDistance(c, t)));
            free.Remove(best);
            colours[slot] = best;
            cell++;
        }

        return colours;
    }

    private static int SlotOf(int cell, int backgroundSlot) => cell < backgroundSlot ? cell : cell + 1;

    private static List<Rgb24> Lattice(int slots, Rgb24 background)
    {
        // Half as many again as are needed, so that the last cells have a choice, and at most 8 lie too near to the background.
        int levels = FewestLevels;
        while ((levels * levels * levels) - 8 < slots * 3 / 2)
        {
            levels++;
        }

        double step = 255.0 / (levels - 1), nearest = 0.75 * step;
        byte Level(int i) => (byte)Math.Round(i * step);
        var colours = new List<Rgb24>();
        for (int i = 0; i < levels * levels * levels; i++)
        {
            var colour = new Rgb24(Level(i % levels), Level(i / levels % levels), Level(i / levels / levels));
            if (Rgb24.SquaredDistance(colour, background) >= nearest * nearest)
            {
                colours.Add(colour);
            }
        }

        return colours;
    }
}
