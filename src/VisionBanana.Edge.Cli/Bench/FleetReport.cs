namespace VisionBanana.Edge.Cli.Bench;

/// <summary>What <c>bench --fleet</c> measured: everything on one machine, robots that wait for their answers.</summary>
/// <param name="Robots">Processes that captured.</param>
/// <param name="Workers">Processes that painted.</param>
/// <param name="Seconds">How long, from the first answer on.</param>
/// <param name="Captured">Pictures of all robots.</param>
/// <param name="Answered">Those that were answered.</param>
/// <param name="Dropped">The others, by reason.</param>
/// <param name="Balanced">Whether every robot's books balance.</param>
/// <param name="HeardTwice">Pictures that a consumer heard twice.</param>
/// <param name="AnsweredPerS">Answered pictures per second of all workers together.</param>
/// <param name="PictureBytes">Bytes of a picture as robots send it.</param>
/// <param name="PerceptBytes">Bytes of what consumers get for a picture.</param>
/// <param name="RobotCpuMs">Processor milliseconds of a robot for a picture once warm; NaN when there were too few.</param>
/// <param name="WorkerCpuMs">The same of a worker.</param>
/// <param name="BrokerCpuMs">Processor milliseconds of the broker for a picture, its percepts to one consumer included.</param>
/// <param name="WorkerBusy">Part of the time since they started that workers had a picture in hand, 0 to 1.</param>
/// <param name="WorkerStageMsP50">Milliseconds by stage in a worker, the median of the first.</param>
/// <param name="Model">What painted.</param>
internal sealed record FleetReport(
    int Robots, int Workers, double Seconds, long Captured, long Answered, IReadOnlyDictionary<string, long> Dropped, bool Balanced, long HeardTwice,
    double AnsweredPerS, double PictureBytes, double PerceptBytes, double RobotCpuMs, double WorkerCpuMs, double BrokerCpuMs, double WorkerBusy,
    IReadOnlyDictionary<string, double> WorkerStageMsP50, string Model)
{
    /// <summary>The same for people.</summary>
    public void Print()
    {
        string dropped = string.Join(", ", Dropped.Select(d => $"{d.Value} {d.Key}"));
        Console.WriteLine(FormattableString.Invariant(
            $"""
            {Robots} robots, {Workers} workers, {Model}, {Seconds:0.#} s on this machine
              captured {Captured}, answered {Answered}, dropped {(dropped.Length == 0 ? "none" : dropped)}; books {(Balanced ? "balance" : "DO NOT BALANCE")}
              answered {AnsweredPerS:0.0} pictures/s; heard twice by a consumer: {HeardTwice}
              a picture on its way    {PictureBytes / 1000:0.0} kB, its percepts {PerceptBytes / 1000:0.0} kB
              a picture costs         robot {RobotCpuMs:0.0} ms, worker {WorkerCpuMs:0.0} ms, broker {BrokerCpuMs:0.0} ms of a processor
              workers were busy       {100 * WorkerBusy:0} % of the time
            """));
    }
}
