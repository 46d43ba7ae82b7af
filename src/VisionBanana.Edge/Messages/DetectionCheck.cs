using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>Checks objects of pictures.</summary>
internal static class DetectionCheck
{
    public static WireSchema InSpace { get; } = WireSchema.Of<Detection3DArray>(
        (array, message) => Check(array.Header, message, array.Detections.Select(d => (d.Header, d.Id, d.Results.Length, Size: Smallest(d.Bbox.Size)))),
        array => new MessageFacts(array.Header, Width: (uint)array.Detections.Length, Height: 1));

    public static WireSchema InPicture { get; } = WireSchema.Of<Detection2DArray>(
        (array, message) => Check(
            array.Header, message, array.Detections.Select(d => (d.Header, d.Id, d.Results.Length, Math.Min(d.Bbox.SizeX, d.Bbox.SizeY)))),
        array => new MessageFacts(array.Header, Width: (uint)array.Detections.Length, Height: 1));

    private static double Smallest(Vector3 size) => Math.Min(size.X, Math.Min(size.Y, size.Z));

    private static string? Check(Header header, WireMessage message, IEnumerable<(Header Header, string Id, int Results, double Size)> detections)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach ((Header own, string id, int results, double size) in detections)
        {
            string? problem = own != header ? $"the object {id} has another stamp or frame than its picture"
                : !ids.Add(id) ? $"the id {id} stands twice"
                : results == 0 ? $"the object {id} is nothing"
                : !(size >= 0) ? $"the object {id} has a size below 0"
                : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return MessageChecks.Header(header, message) ?? MessageChecks.Size((uint)ids.Count, 1, message);
    }
}
