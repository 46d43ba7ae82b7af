namespace VisionBanana.Edge.Pipeline;

/// <summary>What became of a picture that was to be read.</summary>
public enum PictureOutcome
{
    /// <summary>It is in the frame.</summary>
    Read,

    /// <summary>It is damaged, or of another size.</summary>
    Unreadable,

    /// <summary>There was none: the source is at its end.</summary>
    End,
}
