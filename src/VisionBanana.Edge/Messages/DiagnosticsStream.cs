using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <content>How the parts of the system are.</content>
public static partial class Streams
{
    /// <summary>diagnostic_msgs/DiagnosticArray, 1 Hz.</summary>
    public const string Diagnostics = "diagnostics";
}

/// <summary>Not made of pictures: <see cref="DiagnosticsMessage"/> builds its messages.</summary>
internal sealed class DiagnosticsStream() : StreamKind(Streams.Diagnostics, WireSchema.Of<DiagnosticArray>(Check, Describe))
{
    internal override StreamWriter? CreateWriter(StreamOptions options, IImageEncoder images) => null;

    private static MessageFacts Describe(DiagnosticArray array) => new(array.Header);

    private static string? Check(DiagnosticArray array, WireMessage message)
    {
        foreach (DiagnosticStatus status in array.Status)
        {
            if (status.Level > DiagnosticLevel.Stale)
            {
                return $"'{status.Name}' has the level {(int)status.Level}, expected 0 to 3";
            }
        }

        return MessageChecks.Header(array.Header, message);
    }
}
