using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Messages;

/// <content>Class ids.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/Image, mono8: class ids, 255 = unknown; 16UC1 with 65535 = unknown when the palette has ids above 254.</summary>
    public const string Labels = "labels";
}

/// <content>Class ids.</content>
public sealed partial record StreamOptions
{
    /// <summary>Class ids, or null.</summary>
    public PlaneStreamOptions? Labels { get; init; } = new();
}

internal sealed class LabelsStream() : PlaneStream(Streams.Labels, ImageCheck.Schema)
{
    protected override PlaneStreamOptions? Of(StreamOptions options) => options.Labels;

    protected override StreamOptions With(StreamOptions options, PlaneStreamOptions? own) => options with { Labels = own };

    protected override PictureWriter CreateWriter(PlaneStreamOptions own, IImageEncoder images) =>
        new IdWriter(Streams.Labels, own, PerceptKind.Labels, FitsBytes);

    private static bool FitsBytes(Instruction instruction)
    {
        if (instruction is SemanticInstruction { Palette: { } palette })
        {
            for (int i = 0; i < palette.Count; i++)
            {
                if (palette[i].Id >= byte.MaxValue)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
