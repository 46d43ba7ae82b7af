using System.Numerics;

namespace VisionBanana.Edge.Navigation;

/// <summary>An object of one picture, with an id that lasts.</summary>
/// <param name="Id">The same from picture to picture, from 1; never given twice in a run.</param>
/// <param name="Instance">The id of its pixels in this picture's instances.</param>
/// <param name="Class">What it is.</param>
/// <param name="Score">How sure its pixels are, 0–1.</param>
/// <param name="Pixels">How many pixels it has.</param>
/// <param name="Left">The first column of its pixels.</param>
/// <param name="Top">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Box">What is seen of it, along the axes of the optical frame (x right, y down, z forward), metres.</param>
/// <param name="InRobot">The same along the axes of the robot's frame (x forward, y left, z up); null while the mount is not known.</param>
/// <param name="Velocity">Metres per second in the robot's frame, or the optical frame while the mount is not known.</param>
/// <param name="DepthM">The median depth of its own pixels, edges and flying points left out.</param>
public readonly record struct DetectedObject(
    int Id, ushort Instance, string Class, float Score, int Pixels, int Left, int Top, int Width, int Height,
    ObjectBox Box, ObjectBox? InRobot, Vector3 Velocity, float DepthM);
