using VisionBanana.Edge.Configuration;
using YamlDotNet.Core;

namespace VisionBanana.Edge.Tests.Configuration;

public sealed class BoundedParserTests
{
    [Theory]
    [InlineData(19, true)]
    [InlineData(21, false)]
    public void MoveNext_FileThatTakesSeconds_IsReadForTwentyOfThem(int seconds, bool read)
    {
        var clock = new SteppedClock();
        var parser = new BoundedParser(new Parser(new StringReader("a: [1, 2]\nb: 3\n")), clock);
        Assert.True(parser.MoveNext());
        clock.Seconds = seconds;

        Exception? error = Record.Exception(() =>
        {
            while (parser.MoveNext())
            {
            }
        });

        Assert.Equal(read, error is null);
        Assert.True(read || error!.Message.Contains("more than 20 s", StringComparison.Ordinal), error?.ToString());
    }

    private sealed class SteppedClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
