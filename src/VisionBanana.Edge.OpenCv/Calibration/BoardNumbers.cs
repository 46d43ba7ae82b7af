namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>What all boards have in common: bounds of their numbers, and points on a grid.</summary>
internal static class BoardNumbers
{
    public static void Check(string kind, int columns, int rows, double square, int least)
    {
        if (columns < least || rows < least || columns > 100 || rows > 100)
        {
            throw new ConfigurationException($"A {kind} has {least} to 100 columns and rows, found {columns}×{rows}.");
        }

        if (!(square is > 0.0005 and < 2))
        {
            throw new ConfigurationException(
                FormattableString.Invariant($"The side of a square of a {kind} is given in metres, 0.0005 to 2, found {square}; 25 mm are 0.025."));
        }
    }

    public static (double X, double Y)[] Grid(int columns, int rows, double step) =>
        [.. Enumerable.Range(0, columns * rows).Select(i => (i % columns * step, i / columns * step))];
}
