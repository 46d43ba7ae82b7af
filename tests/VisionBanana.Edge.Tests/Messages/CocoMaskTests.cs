using FsCheck.Xunit;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

public sealed class CocoMaskTests
{
    [Property(MaxTest = 100)]
    public void Encode_AnyMask_IsDecodedAsCocoDoes(byte w, byte h, int seed)
    {
        int width = 1 + (w % 40), height = 1 + (h % 40);
        ushort[] ids = Ids(width, height, seed);
        byte[] text = new byte[CocoMask.MostCharacters(ids.Length)];

        string counts = System.Text.Encoding.ASCII.GetString(text, 0, CocoMask.Encode(ids, width, 7, text));

        Assert.Equal(ids.Select(id => id == 7), Decode(counts, width, height));
    }

    [Fact]
    public async Task Encode_ReadByPycocotools_IsTheSameMask()
    {
        const string Program = """
            import sys
            from pycocotools import mask
            for line in sys.stdin:
                height, width, counts = line.rstrip("\n").split(" ", 2)
                m = mask.decode({"size": [int(height), int(width)], "counts": counts.encode()})
                print("".join(str(v) for v in m.flatten()))
            """;
        var lines = new List<string>();
        var expected = new List<string>();
        foreach (int seed in Enumerable.Range(0, 20))
        {
            ushort[] ids = Ids(31, 17, seed);
            byte[] text = new byte[CocoMask.MostCharacters(ids.Length)];
            lines.Add($"17 31 {System.Text.Encoding.ASCII.GetString(text, 0, CocoMask.Encode(ids, 31, 7, text))}");
            expected.Add(string.Concat(ids.Select(id => id == 7 ? '1' : '0')));
        }

        Assert.SkipUnless(
            await ExternalProcess.SucceedsAsync("/usr/bin/python3", "-c", "import pycocotools"), "python3 has no module pycocotools (python3-pycocotools)");
        using var process = new ExternalProcess("/usr/bin/python3", ["-c", Program], string.Join('\n', lines) + "\n");
        Assert.True(await process.WaitAsync(TimeSpan.FromSeconds(60)) == 0, process.Errors);
        Assert.Equal(expected, process.Output);
    }

    private static ushort[] Ids(int width, int height, int seed)
    {
        var random = new Random(seed);
        int often = 1 + random.Next(30);
        ushort id = (ushort)(random.Next(2) * 7);
        return [.. Enumerable.Range(0, width * height).Select(_ => id = random.Next(often) == 0 ? (ushort)(7 * random.Next(2)) : id)];
    }

    /// <summary>rleFrString and rleDecode of the COCO API (maskApi.c), written after it.</summary>
    private static bool[] Decode(string text, int width, int height)
    {
        var counts = new List<long>();
        for (int at = 0; at < text.Length;)
        {
            long value = 0;
            int k = 0;
            bool more = true;
            while (more)
            {
                long bits = text[at++] - 48;
                value |= (bits & 0x1f) << (5 * k++);
                more = (bits & 0x20) != 0;
                value |= !more && (bits & 0x10) != 0 ? -1L << (5 * k) : 0;
            }

            counts.Add(counts.Count > 2 ? value + counts[^2] : value);
        }

        bool[] columns = [.. counts.SelectMany((count, i) => Enumerable.Repeat(i % 2 == 1, (int)count))];
        Assert.Equal(width * height, columns.Length);
        return [.. Enumerable.Range(0, columns.Length).Select(i => columns[(i % width * height) + (i / width)])];
    }
}
