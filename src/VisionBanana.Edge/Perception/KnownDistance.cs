namespace VisionBanana.Edge.Perception;

/// <summary>A measured distance in a picture: a painter that paints another one paints along another walk, or for another view.</summary>
/// <param name="Picture">Path of a picture of the painter's size.</param>
/// <param name="X">Column of the pixel.</param>
/// <param name="Y">Row of the pixel.</param>
/// <param name="DistanceM">Metres along the optical axis to what is seen there.</param>
/// <param name="Tolerance">The largest error as a part of the distance, e.g. 0.25.</param>
public sealed record KnownDistance(string Picture, int X, int Y, double DistanceM, double Tolerance = 0.25);
