namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>What <c>capture --json</c> prints at its end.</summary>
/// <param name="Captured">Pictures that the camera delivered.</param>
/// <param name="Answered">Pictures that a worker answered.</param>
/// <param name="Dropped">All others, by reason.</param>
/// <param name="InFlight">0 after the end.</param>
/// <param name="AnsweredTwice">Pictures that were answered again: never, unless a broker or a bridge hands one over twice.</param>
/// <param name="AnsweredLate">Pictures among those dropped as expired that were answered after all.</param>
/// <param name="Model">The model that answered last, with its SHA-256; empty = nobody answered.</param>
/// <param name="Sent">Pictures that the broker took.</param>
/// <param name="Bytes">Bytes of their messages.</param>
/// <param name="CpuS">Processor seconds of the process.</param>
/// <param name="CpuMsPerPicture">Processor milliseconds for a picture, once warm; null before.</param>
/// <param name="ElapsedS">Seconds of the run.</param>
/// <param name="ClockOffsetS">How far a worker's clock is ahead of this one; null = nobody answered.</param>
/// <param name="Interrupted">Whether a signal ended it.</param>
internal sealed record CaptureReport(
    long Captured, long Answered, IReadOnlyDictionary<string, long> Dropped, long InFlight, long AnsweredTwice, long AnsweredLate, string Model, long Sent,
    long Bytes, double CpuS, double? CpuMsPerPicture, double ElapsedS, double? ClockOffsetS, bool Interrupted);
