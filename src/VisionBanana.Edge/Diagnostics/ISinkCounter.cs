namespace VisionBanana.Edge.Diagnostics;

/// <summary>Counts what a sink made of the pictures handed to it: each ends published or dropped, once.</summary>
internal interface ISinkCounter
{
    /// <summary>Every message of the picture was sent.</summary>
    void Published();

    /// <summary>The picture, or a part of it, was not sent.</summary>
    void Dropped(DropReason reason);
}
