using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>What a message's bytes alone tell of what travels beside it: how a recorded message becomes one that can be sent.</summary>
/// <param name="Header">Time of capture and frame.</param>
/// <param name="Encoding">See <see cref="WireMessage.Encoding"/>.</param>
/// <param name="Width">Pixels or points per row, 0 when it does not apply.</param>
/// <param name="Height">Rows, 0 when it does not apply.</param>
/// <param name="Step">Bytes per pixel or point, 0 for compressed data.</param>
/// <param name="Data">The pixels, points or compressed bytes: a part of the payload.</param>
/// <param name="IsState">True for types that only state has.</param>
internal readonly record struct MessageFacts(
    Header Header, string Encoding = "", uint Width = 0, uint Height = 0, int Step = 0, ReadOnlyMemory<byte> Data = default, bool IsState = false);
