namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// Pictures on which providers are compared, rendered here: a room, a table with things on it, a corridor, and noise. The same bytes on every machine,
/// at any size; they need to make a network say something, not to look real.
/// </summary>
internal static class ReferencePictures
{
    private const int Scenes = 3;

    /// <summary>How many there are.</summary>
    public const int Count = Scenes + 1;

    /// <summary>RGB, row by row.</summary>
    /// <param name="index">From 0; the last one is noise.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Render(int index, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        if (index == Scenes)
        {
            uint state = 0x9E3779B9;
            for (int i = 0; i < rgb.Length; i++)
            {
                rgb[i] = (byte)(Next(ref state) >> 24);
            }

            return rgb;
        }

        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, i += 3)
            {
                // A view of 60° from 1.2 m above the floor, a little downwards; y up, z forward.
                double focal = width / 2.0 / Math.Tan(Math.PI / 6);
                double rx = (x - ((width - 1) / 2.0)) / focal, ry = -((y - ((height - 1) / 2.0)) / focal) - 0.25;
                Shade(index, rx, ry, rgb.AsSpan(i, 3));
            }
        }

        return rgb;
    }

    /// <summary>The nearest of floor, ceiling, walls and spheres along the ray (rx, ry, 1).</summary>
    private static void Shade(int scene, double rx, double ry, Span<byte> rgb)
    {
        (double halfWidth, double depth, double ceiling) = scene switch { 0 => (2.2, 4.5, 1.4), 1 => (4.0, 7.0, 1.8), _ => (0.9, 14.0, 1.3) };
        double nearest = depth, light = 0.75, tone = 0.6;
        double u = rx * depth, v = ry * depth;
        (double R, double G, double B) colour = (0.82, 0.80, 0.74);
        if (ry < 0 && -1.2 / ry < nearest)
        {
            nearest = -1.2 / ry;
            (u, v, light, colour) = (rx * nearest, nearest, 0.9, (0.55, 0.40, 0.28));
        }

        if (ry > 0 && ceiling / ry < nearest)
        {
            nearest = ceiling / ry;
            (u, v, light, colour) = (rx * nearest, nearest, 1.0, (0.95, 0.95, 0.93));
        }

        if (rx != 0 && halfWidth / Math.Abs(rx) < nearest)
        {
            nearest = halfWidth / Math.Abs(rx);
            (u, v, light, colour) = (nearest, ry * nearest, rx < 0 ? 0.6 : 0.85, (0.70, 0.76, 0.82));
        }

        ReadOnlySpan<double> spheres = scene switch
        {
            0 => [-0.7, -0.85, 2.2, 0.35, 0.8, -0.7, 3.0, 0.5],
            1 => [0.1, -0.45, 1.3, 0.22, -0.5, -0.5, 1.6, 0.16, 0.9, -0.2, 2.6, 0.6],
            _ => [0.4, -0.9, 4.0, 0.3],
        };
        for (int k = 0; k < spheres.Length; k += 4)
        {
            (double cx, double cy, double cz, double radius) = (spheres[k], spheres[k + 1], spheres[k + 2], spheres[k + 3]);
            double a = (rx * rx) + (ry * ry) + 1, b = (rx * cx) + (ry * cy) + cz, c = (cx * cx) + (cy * cy) + (cz * cz) - (radius * radius);
            double root = (b * b) - (a * c);
            if (root > 0 && (b - Math.Sqrt(root)) / a is var t && t < nearest)
            {
                nearest = t;
                (u, v) = (rx * t * 6, ry * t * 6);
                light = 0.35 + (0.65 * Math.Max(0, ((ry * t) - cy) / radius));
                colour = k switch { 0 => (0.85, 0.25, 0.2), 4 => (0.2, 0.45, 0.8), _ => (0.3, 0.7, 0.3) };
            }
        }

        tone += ((long)Math.Floor(u * 3) + (long)Math.Floor(v * 3)) % 2 == 0 ? 0.4 : 0.25;
        double value = 255 * light * tone / (1 + (0.05 * nearest));
        (rgb[0], rgb[1], rgb[2]) = (Byte(colour.R * value), Byte(colour.G * value), Byte(colour.B * value));
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value + 0.5, 0, 255);

    private static uint Next(ref uint state)
    {
        state ^= state << 13;
        state ^= state >> 17;
        return state ^= state << 5;
    }
}
