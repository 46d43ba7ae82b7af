namespace VisionBanana.Edge.Messages.Ros;

/// <summary>The levels of diagnostic_msgs/msg/DiagnosticStatus.</summary>
public enum DiagnosticLevel : byte
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but not as it should.</summary>
    Warn,

    /// <summary>Does not work.</summary>
    Error,

    /// <summary>Nothing was heard for too long.</summary>
    Stale,
}
