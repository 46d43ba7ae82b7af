namespace VisionBanana.Edge.Navigation;

/// <summary>How a zone stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Reason">Why it is unknown, in words; empty otherwise.</param>
/// <param name="SinceNs">Since when, capture time in nanoseconds since the Unix epoch; 0 = from the start.</param>
/// <param name="Points">Points in it that count.</param>
/// <param name="Hidden">The part of what the camera could see of it that is hidden or not known in this picture, 0–1.</param>
/// <param name="Seen">The part of its area that lies in the camera's view, 0–1.</param>
/// <param name="NearestM">Horizontal metres from the robot's origin to the nearest of the points; NaN = none.</param>
/// <param name="BearingDegrees">Where it is, positive to the left; NaN = none.</param>
/// <param name="Class">Its class, or empty when it is not known.</param>
public readonly record struct ZoneStatus(
    string Name, ZoneState State, string Reason, long SinceNs, int Points, float Hidden, float Seen, float NearestM, float BearingDegrees, string Class);
