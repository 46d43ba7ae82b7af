using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>What <c>worker --json</c> prints at its end.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Group">Whose pictures it took.</param>
/// <param name="Model">The model that painted.</param>
/// <param name="ModelSha256">SHA-256 of its file.</param>
/// <param name="Taken">Pictures whose turn came.</param>
/// <param name="Answered">Pictures whose percepts were published.</param>
/// <param name="Dropped">The others, by reason.</param>
/// <param name="InHand">0 after the end.</param>
/// <param name="Malformed">Messages that were no pictures of the group; in no other count.</param>
/// <param name="TooMany">Pictures that the broker sent beyond what was asked for; in no other count.</param>
/// <param name="AnsweredOf">Answered pictures by camera.</param>
/// <param name="BusyS">Seconds with a picture in hand.</param>
/// <param name="CpuS">Processor seconds of the process.</param>
/// <param name="CpuMsPerPicture">Processor milliseconds for an answered picture, once warm; null before.</param>
/// <param name="ElapsedS">Seconds of the run.</param>
/// <param name="StageMsP50">Milliseconds by stage, the median.</param>
internal sealed record WorkerReport(
    string Worker, string Group, string Model, string ModelSha256, long Taken, long Answered, IReadOnlyDictionary<string, long> Dropped, long InHand,
    long Malformed, long TooMany, IReadOnlyDictionary<string, long> AnsweredOf, double BusyS, double CpuS, double? CpuMsPerPicture, double ElapsedS,
    IReadOnlyDictionary<string, double> StageMsP50)
{
    /// <summary>How a worker stands now.</summary>
    public static WorkerReport Of(PictureTakerOptions own, WorkerRun run, WorkerBooks books, StageLatencies latencies)
    {
        WorkerBooks.Snapshot now = books.Read();
        return new WorkerReport(
            own.Worker, own.Group, own.Model, own.ModelSha256, now.Taken, now.Answered, now.Dropped, now.InHand, run.MalformedCount,
            run.TooManyCount, now.AnsweredOf, now.BusyS, books.Cpu.TotalS, books.Cpu.MsPerPicture, run.ElapsedS,
            latencies.ToList().ToDictionary(l => l.Key, l => l.Value.PercentileMs(0.5)));
    }
}
