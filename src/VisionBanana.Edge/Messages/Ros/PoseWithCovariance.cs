using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/PoseWithCovariance: place and direction, and how sure they are.</summary>
/// <param name="Pose">Both.</param>
/// <param name="Covariance">6 × 6 about x, y, z and the three axes; empty = zeros, not known.</param>
public readonly record struct PoseWithCovariance(Pose Pose, ImmutableArray<double> Covariance) : IRosMessage<PoseWithCovariance>
{
    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/PoseWithCovariance";

    /// <inheritdoc/>
    public static string Definition => """
        geometry_msgs/Pose pose
        float64[36] covariance
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Pose.WriteTo(writer);
        for (int i = 0; i < Entries; i++)
        {
            writer.WriteFloat64(Covariance.IsDefaultOrEmpty ? 0 : Covariance[i]);
        }
    }

    /// <inheritdoc/>
    public static PoseWithCovariance ReadFrom(ref CdrReader reader)
    {
        var pose = Pose.ReadFrom(ref reader);
        double[] covariance = new double[Entries];
        foreach (ref double entry in covariance.AsSpan())
        {
            entry = reader.ReadFloat64();
        }

        return new PoseWithCovariance(pose, ImmutableCollectionsMarshal.AsImmutableArray(covariance));
    }

    private const int Entries = 36;
}
