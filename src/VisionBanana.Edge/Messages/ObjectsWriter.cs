using System.Numerics;
using System.Text.Json;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Writes the objects of a picture with their masks as JSON.</summary>
internal sealed class ObjectsWriter : StreamWriter
{
    private byte[] _mask = [];

    public override MessageSlot CreateSlot() => new(WireTopics.ObjectsStream, "");

    public override void Write(PerceptionFrame frame, EncodedFrame encoded, MessageSlot? slot)
    {
        if (frame.Surroundings is not { HasObjects: true } surroundings || frame.Find(PerceptKind.Instances) is not { } instances)
        {
            return;
        }

        Utf8JsonWriter json = slot!.Json.Begin();
        json.WriteStartObject();
        json.WriteNumber("seq", frame.SequenceNumber);
        json.WriteNumber("captured_ns", frame.CapturedAt.UtcNs);
        json.WriteString("frame_id", frame.FrameId);
        json.WriteStartArray("size");
        json.WriteNumberValue(frame.Height);
        json.WriteNumberValue(frame.Width);
        json.WriteEndArray();
        json.WriteStartArray("objects");
        foreach (ref readonly DetectedObject found in surroundings.Objects)
        {
            Write(json, found, instances.Labels, frame.Width, surroundings.RobotFrameId);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        slot.Message.Encoding = "json";
        slot.Message.Payload = slot.Json.End();
        encoded.Add(slot.Message, frame, frame.FrameId);
    }

    private void Write(Utf8JsonWriter json, in DetectedObject found, ReadOnlySpan<ushort> ids, int width, string? robot)
    {
        json.WriteStartObject();
        json.WriteNumber("id", found.Id);
        json.WriteString("class", found.Class);
        json.WriteNumber("score", Round(found.Score));
        json.WriteNumber("depth_m", Round(found.DepthM));
        json.WriteStartArray("bbox");
        json.WriteNumberValue(found.Left);
        json.WriteNumberValue(found.Top);
        json.WriteNumberValue(found.Width);
        json.WriteNumberValue(found.Height);
        json.WriteEndArray();
        Write(json, "box", found.Box);
        if (found.InRobot is { } box && robot is not null)
        {
            json.WriteString("robot_frame_id", robot);
            Write(json, "robot_box", box);
        }

        Write(json, "velocity_mps", found.Velocity);
        json.WriteNumber("area", found.Pixels);
        if (_mask.Length < CocoMask.MostCharacters(ids.Length))
        {
            _mask = new byte[CocoMask.MostCharacters(ids.Length)];
        }

        json.WriteStartObject("segmentation");
        json.WriteStartArray("size");
        json.WriteNumberValue(ids.Length / width);
        json.WriteNumberValue(width);
        json.WriteEndArray();
        json.WriteString("counts", _mask.AsSpan(0, CocoMask.Encode(ids, width, found.Instance, _mask)));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, in ObjectBox box)
    {
        json.WriteStartObject(name);
        Write(json, "centre_m", box.Centre);
        Write(json, "size_m", box.Size);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, Vector3 vector)
    {
        json.WriteStartArray(name);
        json.WriteNumberValue(Round(vector.X));
        json.WriteNumberValue(Round(vector.Y));
        json.WriteNumberValue(Round(vector.Z));
        json.WriteEndArray();
    }

    private static double Round(float value) => float.IsFinite(value) ? Math.Round(value, 3) : 0;
}
