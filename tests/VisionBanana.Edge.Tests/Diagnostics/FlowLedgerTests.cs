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
}
