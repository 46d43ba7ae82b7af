using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>One column of a preview: a title, a picture and what explains its colours.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="Note">A figure beside the title; may be empty.</param>
/// <param name="Picture">BGR; owned by the panel.</param>
internal sealed record PreviewPanel(string Title, string Note, Mat Picture) : IDisposable
{
    /// <summary>The colours and their names, in order; empty = none.</summary>
    public IReadOnlyList<(Scalar Colour, string Name)> Legend { get; init; } = [];

    /// <summary>The depth scale; null = none.</summary>
    public DepthScale? Scale { get; init; }

    public void Dispose() => Picture.Dispose();
}
