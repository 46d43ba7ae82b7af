using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes the ids of a percept as one byte or two per pixel.</summary>
/// <param name="stream">The name of the stream.</param>
/// <param name="own">The options of the stream.</param>
/// <param name="kind">Whose ids.</param>
/// <param name="fitsBytes">Whether the ids of an instruction's answer are all below 255.</param>
internal sealed class IdWriter(string stream, PlaneStreamOptions own, PerceptKind kind, Func<Instruction, bool> fitsBytes)
    : PictureWriter(stream, Image.Schema, own.RateHz)
{
    protected override bool Has(PerceptionFrame frame) => frame.Find(kind) is not null;

    protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
    {
        Percept percept = frame.Find(kind)!;
        if (fitsBytes(percept.Instruction))
        {
            PlaneConversion.ToBytes(percept.Labels, slot.BeginImage(header, frame, ImageEncodings.Mono8));
        }
        else
        {
            PlaneConversion.Copy<ushort>(percept.Labels, slot.BeginImage(header, frame, ImageEncodings.U16C1));
        }

        return slot.Message;
    }
}
