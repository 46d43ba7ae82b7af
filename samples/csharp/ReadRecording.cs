using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Samples;

/// <summary>Reads a recording of 'vbedge run --record', or of ROS 2: read-recording FILE.mcap.</summary>
internal static class ReadRecording
{
    public static Task RunAsync(string[] args)
    {
        #region readme
        using RecordingReader recording = RecordingFiles.Open(args[0]);
        var wanted = new McapReadOptions { Channels = channel => channel.Topic.EndsWith("/depth", StringComparison.Ordinal) };
        foreach (McapMessage message in recording.ReadMessages(wanted))
        {
            var depth = RosMessage.Decode<Image>(message.Data);   // borrowed: valid until the next one is read
            int centre = (int)((depth.Height / 2 * depth.Step) + (depth.Width / 2 * 2));
            ushort millimetres = BitConverter.ToUInt16(depth.Data.Span[centre..]);
            Console.WriteLine($"{message.PublishTimeNs}: {depth.Width}×{depth.Height} {depth.Encoding}, {millimetres} mm in the centre");
        }
        #endregion
        return Task.CompletedTask;
    }
}
