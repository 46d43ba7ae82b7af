namespace VisionBanana.Edge.Mqtt;

/// <summary>How a worker takes pictures.</summary>
internal sealed record PictureTakerOptions
{
    /// <summary>Whose pictures.</summary>
    public required string Group { get; init; }

    /// <summary>The worker's name in receipts.</summary>
    public required string Worker { get; init; }

    /// <summary>Pictures that wait here while one is painted; the broker keeps the others (MQTT 5 receive maximum).</summary>
    public int Waiting { get; init; } = 1;

    /// <summary>Larger pictures are refused.</summary>
    public int MaxPictureBytes { get; init; } = 8 << 20;

    /// <summary>The model with its version.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file.</summary>
    public required string ModelSha256 { get; init; }
}
