using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A board whose points have known places. Made by its subclasses; used on one thread at a time.</summary>
public abstract class CalibrationTarget : IDisposable
{
    /// <summary>What it is, e.g. <c>chessboard 9×6, 25 mm</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Every point of the board in metres, on its plane: x to the right, y down, z = 0; the index is a point's number.</summary>
    public abstract IReadOnlyList<(double X, double Y)> Points { get; }

    /// <summary>Width and height of the printed pattern in metres.</summary>
    public abstract (double Width, double Height) Size { get; }

    /// <summary>The dark squares of the pattern as it is printed, in metres from its top left corner.</summary>
    internal abstract IEnumerable<DarkRectangle> Print();

    /// <summary>Looks for the board in a grey picture; false when too little of it is seen.</summary>
    internal abstract bool TryFind(Mat grey, out FoundPoint[] points);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees native parts.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
