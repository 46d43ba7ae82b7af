namespace VisionBanana.Edge.Cli.Bench;

/// <summary>What <c>bench</c> found; its JSON is what <c>--compare</c> reads.</summary>
internal sealed record BenchReport
{
    /// <summary>The version of this report's JSON.</summary>
    public const int CurrentSchema = 1;

    /// <summary>See <see cref="CurrentSchema"/>.</summary>
    public required int Schema { get; init; }

    /// <summary>Local date and time of the machine, ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>Where it ran.</summary>
    public required Machine Machine { get; init; }

    /// <summary>What ran.</summary>
    public required ModelUnderTest Model { get; init; }

    /// <summary>The pictures: where they come from, their size, how many are played in turn.</summary>
    public required string Pictures { get; init; }

    /// <summary>What was asked, as prompts with their interval.</summary>
    public required IReadOnlyList<string> Instructions { get; init; }

    /// <summary>True when stages ran beside each other in the flows.</summary>
    public required bool Overlap { get; init; }

    /// <summary>The model alone: its session on bound tensors, nothing around it.</summary>
    public required Spread ModelMs { get; init; }

    /// <summary>By how many MiB resident memory rose at its peak while the model was loaded and run on all that is asked.</summary>
    public double ModelMemoryMib { get; init; } = double.NaN;

    /// <summary>The stages of one picture after the other, by name: rectify, paint, decode, cloud, encode.</summary>
    public required IReadOnlyDictionary<string, Spread> StagesMs { get; init; }

    /// <summary>Picture to percepts (rectify to cloud), in turn with <see cref="ModelMs"/>.</summary>
    public required Spread PipelineMs { get; init; }

    /// <summary>Median of <see cref="PipelineMs"/> through that of <see cref="ModelMs"/>.</summary>
    public required double PipelineOverModel { get; init; }

    /// <summary>The same with all messages encoded.</summary>
    public required double MessagesOverModel { get; init; }

    /// <summary>Managed bytes per picture from the camera's picture to encoded messages, without a transport.</summary>
    public required double AllocatedBytesPerFrame { get; init; }

    /// <summary>The whole pipeline at fixed rates and flat out.</summary>
    public required IReadOnlyList<Flow> Flows { get; init; }

    /// <summary>What transports add.</summary>
    public required IReadOnlyList<TransportCost> Transports { get; init; }

    /// <summary>The model and how it ran.</summary>
    internal sealed record ModelUnderTest(string Name, string Version, string Sha256, string Provider, string Execution);
}
