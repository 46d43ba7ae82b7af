using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Fills palettes: Slots rows of red, green, blue in 0–1.</summary>
internal static class PaletteColours
{
    /// <summary>Row k is the colour of the paper's walk at u = k / (slots − 1).</summary>
    public static float[] OfWalk(int slots)
    {
        var rows = new float[slots * 3];
        ColourMap.Rainbow.Sample(MemoryMarshal.Cast<float, Vector3>(rows.AsSpan()));
        return rows;
    }

    /// <summary>Every row in one colour, then row id in the colour of each entry.</summary>
    public static float[] OfClasses(int slots, Rgb24 remainder, IEnumerable<(int Id, Rgb24 Colour)> asked)
    {
        var rows = new float[slots * 3];
        for (int k = 0; k < slots; k++)
        {
            Write(rows, k, ToUnit(remainder));
        }

        foreach ((int id, Rgb24 colour) in asked)
        {
            Write(rows, id, ToUnit(colour));
        }

        return rows;
    }

    /// <summary>Rows are colours that tell objects apart, and the background.</summary>
    public static float[] OfInstances(int slots, int backgroundSlot, Rgb24 background)
    {
        var rows = new float[slots * 3];
        Rgb24[] colours = InstanceColours.Of(slots, backgroundSlot, background);
        for (int k = 0; k < slots; k++)
        {
            Write(rows, k, ToUnit(colours[k]));
        }

        return rows;
    }

    /// <summary>Row k is the colour of direction k (x right, y up, z to the viewer): R = (1 − x)/2, G = (1 + y)/2, B = (1 + z)/2.</summary>
    public static float[] OfDirections(ImmutableArray<Vector3> directions)
    {
        var rows = new float[directions.Length * 3];
        for (int k = 0; k < directions.Length; k++)
        {
            Vector3 d = directions[k];
            Write(rows, k, Vector3.Clamp(new Vector3(1 - d.X, 1 + d.Y, 1 + d.Z) / 2, Vector3.Zero, Vector3.One));
        }

        return rows;
    }

    private static Vector3 ToUnit(Rgb24 colour) => new Vector3(colour.R, colour.G, colour.B) / 255f;

    private static void Write(float[] rows, int row, Vector3 colour) => colour.CopyTo(rows, row * 3);
}
