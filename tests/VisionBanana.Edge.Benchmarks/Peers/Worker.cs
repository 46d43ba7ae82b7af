using System.Diagnostics;
using System.Globalization;
using VisionBanana.Edge.Benchmarks.Calibration;
using VisionBanana.Edge.Benchmarks.Codecs;
using VisionBanana.Edge.Benchmarks.Geometry;
using VisionBanana.Edge.Benchmarks.Messages;

namespace VisionBanana.Edge.Benchmarks.Peers;

/// <summary>
/// This SDK's side of <c>peers.py</c>, which runs peers in turn with it: a line <c>NAME COUNT</c> on standard input, a line with the nanoseconds of each run
/// and the managed bytes per run on standard output. <c>worker [MQTT_PORT]</c>; without a port the MQTT round trip is missing.
/// </summary>
internal static class Worker
{
    public static int Run(string[] arguments)
    {
        int? broker = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : null;
        using var roundTrips = new RoundTrips(broker);
        Dictionary<string, Action> actions = Actions(roundTrips);
        WarmUp(actions.Values);
        Console.WriteLine($"ready {string.Join(' ', actions.Keys)}");
        while (Console.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            Action action = actions[words[0]];
            int count = int.Parse(words[1], CultureInfo.InvariantCulture);
            long[] nanoseconds = new long[count];
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < count; i++)
            {
                long start = Stopwatch.GetTimestamp();
                action();
                nanoseconds[i] = (long)(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
            }

            long bytes = GC.GetTotalAllocatedBytes(precise: true) - before;
            Console.WriteLine($"{bytes / count} {string.Join(' ', nanoseconds)}");
        }

        return 0;
    }

    /// <summary>Methods are compiled well only after some calls, and then in the background.</summary>
    private static void WarmUp(IEnumerable<Action> actions)
    {
        for (int round = 0; round < 4; round++)
        {
            foreach (Action action in actions)
            {
                for (int i = 0; i < 40; i++)
                {
                    action();
                }
            }

            Thread.Sleep(300);
        }
    }

    private static Dictionary<string, Action> Actions(RoundTrips roundTrips)
    {
        var actions = new Dictionary<string, Action>();
        foreach (string size in (string[])["192x144", "640x480"])
        {
            var codecs = new CodecBenchmarks { Size = size };
            codecs.Setup();
            var cloud = new CloudBenchmarks { Size = size };
            cloud.Setup();
            var cdr = new CdrBenchmarks { Size = size };
            cdr.Setup();
            actions[$"decode_copy/{size}"] = codecs.Copy;
            actions[$"decode/{size}"] = codecs.DepthDecode;
            actions[$"encode_copy/{size}"] = codecs.CopyOfEncoding;
            actions[$"encode/{size}"] = codecs.DepthEncode;
            actions[$"unproject_copy/{size}"] = cloud.Copy;
            actions[$"unproject/{size}"] = () => cloud.BuildCloud();
            actions[$"cdr_copy/{size}"] = cdr.Copy;
            actions[$"cdr/{size}"] = () => cdr.PointCloud2();
        }

        foreach (string target in (string[])["192x144", "640x480"])
        {
            var rectifier = new RectifierBenchmarks { Target = target };
            rectifier.Setup();
            actions[$"undistort_copy/{target}"] = rectifier.Copy;
            actions[$"undistort/{target}"] = rectifier.Rectify;
        }

        foreach ((string name, Action action) in roundTrips.Actions)
        {
            actions[name] = action;
        }

        return actions;
    }
}
