namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A rectangle to be printed in black, in metres from the pattern's top left corner.</summary>
internal readonly record struct DarkRectangle(double X, double Y, double Width, double Height);
