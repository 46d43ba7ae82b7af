namespace VisionBanana.Edge.ZeroMq;

/// <summary>Checks addresses before a socket sees them.</summary>
internal static class ZeroMqEndpoint
{
    public static string Check(string endpoint)
    {
        if (endpoint.StartsWith("ipc://", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException(
                $"'{endpoint}' is refused: NetMQ emulates ipc over TCP, so that no libzmq peer (Python, C++, ROS) would ever connect. Use "
                    + "tcp://127.0.0.1:PORT on one machine.");
        }

        bool valid = endpoint.StartsWith("tcp://", StringComparison.Ordinal) && endpoint.LastIndexOf(':') is > 6 and var colon &&
            ushort.TryParse(endpoint.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _);
        return valid ? endpoint : throw new ConfigurationException(
            $"Expected a ZeroMQ address such as tcp://*:5556 or tcp://192.168.1.5:5556, found '{endpoint}'.");
    }
}
