namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>What became of a picture that was offered for calibration.</summary>
public enum ViewVerdict
{
    /// <summary>The board was found and the view is used.</summary>
    Used,

    /// <summary>No board, or too little of it.</summary>
    NoBoard,

    /// <summary>The board is there, and blurred.</summary>
    Blurred,

    /// <summary>The board is where it was in a view before.</summary>
    NearDuplicate,

    /// <summary>The picture has another size than the first.</summary>
    OtherSize,

    /// <summary>The solution does not fit this view, while it fits the others.</summary>
    Outlier,
}
