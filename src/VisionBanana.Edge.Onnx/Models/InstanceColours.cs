using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>
/// Colours for the slots of an instance painting. Slots are cells of a grid over the picture, row by row. One channel runs along the rows, one along
/// the columns, in steps just above the decoder's tolerance (<see cref="InstanceCodec.ColourTolerance"/>): objects of neighbouring cells are told
/// apart, and where the painter doubts in which of them an object's centre lies, it blends two colours that are nearly the same, so that the object
/// stays one. The third channel, and the side on which the others run, keep away from the background.
/// </summary>
internal static class InstanceColours
{
    /// <summary>Columns of the grid: slot = row · 9 + column.</summary>
    public const int Columns = 9;

    private const int AcrossStep = 18, MostAlongStep = 24, Sides = 8;

    /// <summary>One colour for each slot.</summary>
    /// <param name="slots">At most <see cref="InstancesTask.MostSlots"/>.</param>
    /// <param name="backgroundSlot">The slot that gets the background.</param>
    /// <param name="background">The instruction's background.</param>
    public static Rgb24[] Of(int slots, int backgroundSlot, Rgb24 background) =>
        Enumerable.Range(0, 3 * Sides).Select(placement => Paint(placement, slots, backgroundSlot, background)).MaxBy(colours =>
            Distance(colours, backgroundSlot))!;

    /// <summary>A placement is the channel that stays the same, and for each channel a bit: it starts from 255.</summary>
    private static Rgb24[] Paint(int placement, int slots, int backgroundSlot, Rgb24 background)
    {
        int rows = (slots + Columns - 2) / Columns;
        int alongStep = Math.Min(MostAlongStep, 255 / Math.Max(1, rows - 1));
        var colours = new Rgb24[slots];
        for (int slot = 0, cell = 0; slot < slots; slot++)
        {
            if (slot == backgroundSlot)
            {
                colours[slot] = background;
                continue;
            }

            int along = cell / Columns * alongStep, across = cell % Columns * AcrossStep;
            colours[slot] = new Rgb24(Level(placement, 0, along, across), Level(placement, 1, along, across), Level(placement, 2, along, across));
            cell++;
        }

        return colours;
    }

    private static byte Level(int placement, int channel, int along, int across)
    {
        int step = ((channel - (placement / Sides) + 3) % 3) switch { 0 => 0, 1 => along, _ => across };
        bool fromTop = ((placement >> channel) & 1) != 0;
        return (byte)(fromTop ? 255 - step : step);
    }

    private static int Distance(Rgb24[] colours, int backgroundSlot) =>
        colours.Where((_, slot) => slot != backgroundSlot).Select(c => Rgb24.SquaredDistance(c, colours[backgroundSlot])).DefaultIfEmpty().Min();
}
