using System.Globalization;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>How readings fared, in words.</summary>
internal static class SensorState
{
    public static string Of(SensorInput input) => $", {Of(input.Counts)}{(input.Problem is { } problem ? $" (last: {problem})" : "")}";

    public static string Of(AnchorCounts counts) => string.Create(
        CultureInfo.InvariantCulture, $"{counts.Used} used{string.Concat(counts.Refused.Select(r => $", {r.Value} {r.Key}"))}");
}
