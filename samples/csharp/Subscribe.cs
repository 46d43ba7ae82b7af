using System.Globalization;
using System.Reactive.Linq;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Samples;

/// <summary>A subscriber that decodes clouds with the SDK: subscribe ENDPOINT COUNT.</summary>
internal static class Subscribe
{
    public static async Task RunAsync(string[] args)
    {
        #region readme
        await using var listener = new ZeroMqListener(new ZeroMqListenerOptions { Endpoint = args[0], TopicPrefix = "vb/v1/" });
        IObservable<ReceivedMessage> clouds = listener.Messages.Where(m => m.Message.Stream == "cloud" && m.WhyMalformed() is null);
        Task work = clouds.Take(int.Parse(args[1], CultureInfo.InvariantCulture)).ForEachAsync(m =>
        {
            var cloud = RosMessage.Decode<PointCloud2>(m.Message.Payload);
            ReadOnlySpan<CloudPoint> points = MemoryMarshal.Cast<byte, CloudPoint>(cloud.Data.Span);   // metres, optical frame; NaN = no point
            float nearest = float.PositiveInfinity;
            foreach (CloudPoint point in points)
            {
                nearest = point.Z < nearest ? point.Z : nearest;
            }

            string size = $"{cloud.Width}×{cloud.Height} points";
            Console.WriteLine(FormattableString.Invariant($"{m.Topic} {m.Message.SequenceNumber}: {size}, nearest {nearest:0.00} m"));
        });
        await listener.StartAsync(CancellationToken.None);
        await work;
        #endregion
    }
}
