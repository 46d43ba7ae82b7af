using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>The names of the class ids.</content>
public static partial class Streams
{
    /// <summary>vision_msgs/LabelInfo: names of the class ids, state.</summary>
    public const string LabelInfo = "label_info";
}

/// <summary>Goes with the labels.</summary>
internal sealed class LabelInfoStream() : StreamKind(Streams.LabelInfo, WireSchema.Of<LabelInfo>(Check, Describe))
{
    public override bool IsState => true;

    internal override StreamWriter? CreateWriter(StreamOptions options, IImageEncoder images) => options.Labels is null ? null : new Writer();

    private static MessageFacts Describe(LabelInfo info) => new(info.Header, IsState: true);

    private static string? Check(LabelInfo info, WireMessage message)
    {
        var ids = new HashSet<ushort>();
        foreach (VisionClass entry in info.ClassMap)
        {
            if (!ids.Add(entry.ClassId))
            {
                return $"the class id {entry.ClassId} stands twice";
            }
        }

        return MessageChecks.Header(info.Header, message);
    }

    private sealed class Writer : StateWriter
    {
        private LabelPalette? _palette;
        private string _frameId = "";
        private WireMessage? _message;

        protected override WireMessage? Update(PerceptionFrame frame)
        {
            if (frame.Find(PerceptKind.Labels)?.Instruction is SemanticInstruction { Palette: { } palette } &&
                (_message is null || !palette.Equals(_palette) || frame.FrameId != _frameId))
            {
                _message = Build(Streams.LabelInfo, LabelInfo.From(palette, HeaderOf(frame)), frame);
                (_palette, _frameId) = (palette, frame.FrameId);
            }

            return _message;
        }
    }
}
