using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Recording;

/// <summary>What became of the messages of a recording that was played.</summary>
/// <param name="Played">Messages that every transport took.</param>
/// <param name="Failed">Messages that a transport did not take, by the reason it gave.</param>
/// <param name="Skipped">Messages that are none of the streams of the contract (<see cref="ReplayStreams"/>), or malformed.</param>
/// <param name="Recovery">Whether the recording is whole, and what was lost.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record ReplayReport(long Played, IReadOnlyDictionary<DropReason, long> Failed, long Skipped, McapRecovery Recovery, TimeSpan Elapsed);
