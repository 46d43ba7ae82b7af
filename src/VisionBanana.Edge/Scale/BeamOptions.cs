namespace VisionBanana.Edge.Scale;

/// <summary>A beam that measures one distance, in the camera's optical frame: x right, y down, z forward.</summary>
public sealed record BeamOptions
{
    /// <summary>Where it points; brought to length 1. Default: along the optical axis.</summary>
    public (double X, double Y, double Z) Direction { get; init; } = (0, 0, 1);

    /// <summary>Where the sensor sits, metres.</summary>
    public (double X, double Y, double Z) PositionM { get; init; }

    /// <summary>Opening angle of the beam in degrees.</summary>
    public double FieldOfViewDegrees { get; init; } = 2;

    /// <summary>True for sound: the nearest thing in the beam answers. False for light: most of what it hits.</summary>
    public bool IsFirstReturn { get; init; }

    /// <summary>The standard deviation of a reading as a share of the distance.</summary>
    public double Std { get; init; } = 0.03;

    /// <summary>The standard deviation of a reading in metres, beside the share.</summary>
    public double StdM { get; init; } = 0.01;

    /// <summary>How far in time the reading may be from the picture.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMilliseconds(200);
}
