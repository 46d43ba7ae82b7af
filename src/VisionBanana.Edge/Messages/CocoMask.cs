namespace VisionBanana.Edge.Messages;

/// <summary>
/// Masks as COCO writes them (<c>counts</c> of a compressed run-length encoding): runs of 0 and 1 down the columns, each as the difference from the run
/// two before it, in groups of five bits as printable characters. <c>pycocotools.mask.decode</c> reads them.
/// </summary>
internal static class CocoMask
{
    private const int Shift = 48, More = 0x20, Sign = 0x10;

    /// <summary>The mask of the pixels with an id.</summary>
    /// <param name="ids">Height × width, rows from the top.</param>
    /// <param name="width">Columns.</param>
    /// <param name="id">Which pixels are 1.</param>
    /// <param name="text">Gets the characters; as long as a mask of this size can need (<see cref="MostCharacters"/>).</param>
    /// <returns>How many characters.</returns>
    public static int Encode(ReadOnlySpan<ushort> ids, int width, ushort id, Span<byte> text)
    {
        int height = ids.Length / width, length = 0, run = 0;
        long before = 0, beforeThat = 0;
        int runs = 0;
        bool value = false;
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++)
            {
                if (ids[(y * width) + x] == id != value)
                {
                    length += Put(run - (runs > 2 ? beforeThat : 0), text[length..]);
                    (beforeThat, before) = (before, run);
                    (run, value) = (0, !value);
                    runs++;
                }

                run++;
            }
        }

        return length + Put(run - (runs > 2 ? beforeThat : 0), text[length..]);
    }

    /// <summary>An upper bound of the characters of a mask.</summary>
    public static int MostCharacters(int pixels) => (pixels + 1) * 2;

    private static int Put(long value, Span<byte> text)
    {
        int length = 0;
        bool more;
        do
        {
            int bits = (int)(value & 0x1F);
            value >>= 5;
            more = (bits & Sign) != 0 ? value != -1 : value != 0;
            text[length++] = (byte)((more ? bits | More : bits) + Shift);
        }
        while (more);

        return length;
    }
}
