using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Tests.Diagnostics;

public sealed class FlowLedgerTests
{
    [Fact]
    public void Snapshot_TwoSinks_EachHasItsOwnBooks()
    {
        var ledger = new FlowLedger();
        ISinkCounter fast = ledger.Open("fast"), slow = ledger.Open("slow");
        for (int i = 0; i < 5; i++)
        {
            ledger.Captured();
        }

        ledger.Dropped(DropReason.Unreadable);
        ledger.HandedToSinks();
        ledger.HandedToSinks();
        fast.Published();
        fast.Published();
        slow.Dropped(DropReason.QueueFull);

        IReadOnlyList<SinkFlow> flows = ledger.Snapshot();
        Assert.Equal((5, 2, 2), (flows[0].Captured, flows[0].Published, flows[0].InFlight));
        Assert.Equal((5, 0, 3), (flows[1].Captured, flows[1].Published, flows[1].InFlight));
        Assert.Equal(1, flows[1].Dropped[DropReason.QueueFull]);
        Assert.All(flows, f => Assert.True(f.IsBalanced));
        Assert.All(flows, f => Assert.Equal(1, f.Dropped[DropReason.Unreadable]));
    }

    [Fact]
    public void Dropped_FateToldTwice_Throws()
    {
        var ledger = new FlowLedger();
        ledger.Captured();
        ledger.Dropped(DropReason.Stale);

        Assert.Throws<InvalidOperationException>(() => ledger.Dropped(DropReason.Stale));
    }

    [Fact]
    public void Open_WhilePicturesFlow_CountsWhatReachesItFromThen()
    {
        var ledger = new FlowLedger();
        ISinkCounter first = ledger.Open("first");
        Times(4, ledger.Captured);
        ledger.Dropped(DropReason.Unreadable);
        ledger.HandedToSinks();

        ISinkCounter late = ledger.Open("late");
        ledger.Captured();
        ledger.Dropped(DropReason.Stale);
        Times(2, ledger.HandedToSinks);
        late.Published();
        first.Published();

        IReadOnlyList<SinkFlow> flows = ledger.Snapshot();
        Assert.Equal((5, 1, 2), (flows[0].Captured, flows[0].Published, flows[0].InFlight));
        Assert.Equal((3, 1, 1), (flows[1].Captured, flows[1].Published, flows[1].InFlight));
        ledger.Captured();
        Assert.Equal((6, 3), (ledger.Snapshot()[0].Captured, ledger.Snapshot()[0].InFlight));
        Assert.Equal((3, 1), (ledger.Snapshot()[1].Captured, ledger.Snapshot()[1].InFlight));
        Assert.Equal((DropReason.Stale, 1), Assert.Single(flows[1].Dropped.Select(d => (d.Key, d.Value))));
        Assert.All(flows, f => Assert.True(f.IsBalanced));
    }

    [Fact]
    public void Close_ASink_CountsNoLaterPicture()
    {
        var ledger = new FlowLedger();
        ledger.Open("stays");
        ISinkCounter leaves = ledger.Open("leaves");
        Times(3, ledger.Captured);
        Times(2, ledger.HandedToSinks);
        leaves.Published();

        ledger.Close(leaves);
        ledger.Dropped(DropReason.Superseded);
        ledger.Captured();
        ledger.HandedToSinks();
        leaves.Dropped(DropReason.Stopped);

        SinkFlow flow = ledger.Snapshot()[1];
        Assert.Equal((2, 1, 0), (flow.Captured, flow.Published, flow.InFlight));
        Assert.All(ledger.Snapshot(), f => Assert.True(f.IsBalanced));
        Assert.Throws<ArgumentException>(() => ledger.Close(leaves));
    }

    private static void Times(int count, Action act)
    {
        for (int i = 0; i < count; i++)
        {
            act();
        }
    }
}
