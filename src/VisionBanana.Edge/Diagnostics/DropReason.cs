namespace VisionBanana.Edge.Diagnostics;

/// <summary>Why a captured frame was not published by a sink. Every loss has exactly one reason.</summary>
public enum DropReason
{
    /// <summary>The source delivered something that is no picture.</summary>
    Unreadable,

    /// <summary>A newer picture took its place before it was painted (<c>KeepLatest</c>).</summary>
    Superseded,

    /// <summary>A queue with a fixed capacity was full.</summary>
    QueueFull,

    /// <summary>Every buffer of the pool is in use; the pool does not grow.</summary>
    PoolExhausted,

    /// <summary>The picture repeats the one before it: the camera is stuck.</summary>
    Stale,

    /// <summary>Painting or decoding it failed.</summary>
    InferenceFailed,

    /// <summary>An observer threw while it handled the frame.</summary>
    ObserverFailed,

    /// <summary>The sink had no connection.</summary>
    NotConnected,

    /// <summary>The broker would cut the connection on a message of this size.</summary>
    TooLargeForBroker,

    /// <summary>The transport refused the message or failed while it was sent.</summary>
    SendFailed,

    /// <summary>The frame was older than the staleness budget when its turn came.</summary>
    TooOld,

    /// <summary>The pipeline was stopped while the frame waited.</summary>
    Stopped,

    /// <summary>The pipeline was paused by a command when the camera took the picture.</summary>
    Paused,

    /// <summary>The broker does not let this client publish there.</summary>
    NotAllowed,

    /// <summary>The picture of a group of cameras came when the next moment of the group had begun already.</summary>
    LatePartner,

    /// <summary>What is asked needs a calibration, which this picture of a calibrated source lacks: a recording has none for it.</summary>
    Uncalibrated,

    /// <summary>Nobody answered it before it expired: no worker took it, or the one that did is gone.</summary>
    Expired,

    /// <summary>It has more bytes or pixels than are allowed.</summary>
    TooLarge,

    /// <summary>What is asked of it needs a calibrated camera, and its camera is not.</summary>
    NotCalibrated,

    /// <summary>What is said of its camera is not known, is malformed, or asks what the painter cannot answer.</summary>
    Refused,

    /// <summary>It came before: a broker or a bridge handed it over twice.</summary>
    Repeated,
}
