using System.Collections.Generic;
using System.Linq;

namespace VisionBanana.Edge.Analyzers;

/// <summary>
/// The operators of System.Reactive in two tables: those that keep an element past <c>OnNext</c>, with what to use instead, and those that do not.
/// </summary>
internal static class LeaseOperators
{
    private const string Queue = "use KeepLatest() or KeepAll(capacity), which retain what they queue";
    private const string Newest = "use KeepLatest(), which gives back what it skips";
    private const string Inside = "do the work in ForEachAsync, Subscribe or a PerceptSink, where the frame is borrowed; Select what you need of it first";
    private const string Pairing = "pair in an operator of your own that calls Retain() on what it keeps and disposes it later; or Select what you need first";

    /// <summary>Operators that queue, store or hand on an element after its producer took it back.</summary>
    public static IReadOnlyDictionary<string, string> Keeping { get; } = Table(
        (Queue, "ObserveOn Delay Buffer Window Chunkify Replay ToEvent ToEventPattern"),
        (Newest, "Sample Throttle Latest MostRecent Next Collect"),
        (Inside, "FirstAsync FirstOrDefaultAsync LastAsync LastOrDefaultAsync SingleAsync SingleOrDefaultAsync ElementAt ElementAtOrDefault First "
            + "FirstOrDefault Last LastOrDefault Single SingleOrDefault Wait GetAwaiter RunAsync GetEnumerator ToList ToArray ToDictionary ToLookup "
            + "ToListObservable ToEnumerable ToAsyncEnumerable ToTask TakeLast TakeLastBuffer SkipLast Max MaxBy Min MinBy PublishLast Materialize "
            + "ToQbservable Distinct"),
        (Pairing, "Zip CombineLatest WithLatestFrom ForkJoin Join GroupJoin And SequenceEqual"));

    /// <summary>Operators that hand an element on inside <c>OnNext</c>, or use no more of it than their function returns.</summary>
    public static IReadOnlyCollection<string> Passing { get; } = new HashSet<string>(Words(
        "Aggregate All Amb Any Append AsObservable AutoConnect Average Case Cast Catch Concat Contains Count Create DefaultIfEmpty Defer DeferAsync "
        + "DelaySubscription Dematerialize DistinctUntilChanged Do DoWhile Expand Finally For ForEach ForEachAsync GroupBy GroupByUntil If "
        + "IgnoreElements IsEmpty Let LongCount ManySelect Merge Multicast OfType OnErrorResumeNext Prepend Publish RefCount Repeat RepeatWhen "
        + "ResetExceptionDispatchState Retry RetryWhen Scan Select SelectMany SequenceEqual Skip SkipUntil SkipWhile StartWith Subscribe SubscribeOn "
        + "SubscribeSafe Sum Switch Synchronize Take TakeUntil TakeWhile Then TimeInterval Timeout Timestamp ToObservable Using Where While")
        .Except(Keeping.Keys));

    private static Dictionary<string, string> Table(params (string Instead, string Names)[] rows) =>
        rows.SelectMany(row => Words(row.Names).Select(name => (name, row.Instead))).ToDictionary(entry => entry.name, entry => entry.Instead);

    private static string[] Words(string text) => text.Split(' ');
}
