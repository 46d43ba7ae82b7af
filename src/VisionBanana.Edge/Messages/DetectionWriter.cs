using System.Globalization;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes the objects of a picture field by field, without making a message first.</summary>
internal abstract class DetectionWriter(string stream, string schema, double? rateHz) : PictureWriter(stream, schema, rateHz)
{
    private readonly Dictionary<int, string> _ids = [];

    protected override bool Has(PerceptionFrame frame) => frame.Surroundings is { HasObjects: true };

    protected sealed override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
    {
        ReadOnlySpan<DetectedObject> objects = frame.Surroundings!.Objects;
        CdrWriter writer = slot.Writer;
        writer.Begin();
        header.WriteTo(writer);
        writer.WriteCount(objects.Length);
        foreach (ref readonly DetectedObject found in objects)
        {
            header.WriteTo(writer);
            writer.WriteCount(1);
            new ObjectHypothesis(found.Class, found.Score).WriteTo(writer);
            new PoseWithCovariance(PoseOf(found), []).WriteTo(writer);
            WriteBox(writer, found);
            writer.WriteString(IdOf(found.Id));
        }

        return slot.Describe("", objects.Length, 1, 0, 0, 0);
    }

    /// <summary>Where an object is.</summary>
    protected abstract Pose PoseOf(in DetectedObject found);

    /// <summary>Writes its extent.</summary>
    protected abstract void WriteBox(CdrWriter writer, in DetectedObject found);

    protected static Pose PoseOf(in ObjectBox box) => new(new Point(box.Centre.X, box.Centre.Y, box.Centre.Z), new Quaternion(0, 0, 0, 1));

    protected static void Write(CdrWriter writer, in ObjectBox box) =>
        new BoundingBox3D(PoseOf(box), new Vector3(box.Size.X, box.Size.Y, box.Size.Z)).WriteTo(writer);

    private string IdOf(int id)
    {
        if (!_ids.TryGetValue(id, out string? text))
        {
            if (_ids.Count > 1000)
            {
                _ids.Clear();
            }

            _ids[id] = text = id.ToString(CultureInfo.InvariantCulture);
        }

        return text;
    }
}
