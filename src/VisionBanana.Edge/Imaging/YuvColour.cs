namespace VisionBanana.Edge.Imaging;

/// <summary>BT.601 with luminance 16…235 in fixed point of 20 bits: 1.164 (Y − 16) + 1.596 V and so on, as OpenCV rounds it.</summary>
internal readonly struct YuvColour
{
    private const int Shift = 20, Half = 1 << (Shift - 1);
    private const int Luminance = 1220542, RedOfV = 1673527, GreenOfV = -852492, GreenOfU = -409993, BlueOfU = 2116026;

    private readonly int _red, _green, _blue;

    public YuvColour(int u, int v)
    {
        (u, v) = (u - 128, v - 128);
        _red = Half + (RedOfV * v);
        _green = Half + (GreenOfV * v) + (GreenOfU * u);
        _blue = Half + (BlueOfU * u);
    }

    /// <summary>Writes one pixel of the colour at a brightness.</summary>
    public void Write(int luminance, bool toBgr, Span<byte> pixel)
    {
        int y = Math.Max(0, luminance - 16) * Luminance;
        byte red = Clamp((y + _red) >> Shift), green = Clamp((y + _green) >> Shift), blue = Clamp((y + _blue) >> Shift);
        (pixel[0], pixel[1], pixel[2]) = toBgr ? (blue, green, red) : (red, green, blue);
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
