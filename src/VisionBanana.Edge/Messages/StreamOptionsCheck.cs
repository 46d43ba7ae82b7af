namespace VisionBanana.Edge.Messages;

/// <summary>Refuses options that cannot work, all at once.</summary>
internal static class StreamOptionsCheck
{
    /// <exception cref="ConfigurationException">What is wrong, one sentence each.</exception>
    public static void Check(StreamOptions options)
    {
        string[] problems = [.. Problems(options)];
        if (problems.Length > 0)
        {
            throw new ConfigurationException(string.Join(Environment.NewLine, problems));
        }
    }

    private static IEnumerable<string> Problems(StreamOptions options)
    {
        if (options.Color is { JpegQuality: < 1 or > 100 } color)
        {
            yield return $"JPEG quality is 1 to 100, found {color.JpegQuality}.";
        }

        if (options.Cloud is { Stride: < 1 } cloud)
        {
            yield return $"The stride of the cloud is 1 (every point) or more, found {cloud.Stride}.";
        }

        if (options.Cloud?.VoxelM is { } voxel && !(voxel >= Geometry.VoxelGrid.MinSizeM && double.IsFinite(voxel)))
        {
            yield return FormattableString.Invariant($"The edge of a voxel is {Geometry.VoxelGrid.MinSizeM} m or more, found {voxel}.");
        }

        if (options.Cloud?.PrecisionM is { } precision && !(precision is >= 1e-6 and <= 1))
        {
            yield return FormattableString.Invariant($"The precision of the cloud is 0.000001 to 1 m, found {precision}.");
        }

        if (options.PoolCapacity < 1)
        {
            yield return $"At least one encoded picture must fit the pool, found {options.PoolCapacity}.";
        }

        (string Stream, double? RateHz)[] rates =
        [
            (Streams.Color, options.Color?.RateHz),
            (Streams.Depth, options.Depth?.RateHz),
            (Streams.Painting, options.Painting?.RateHz),
            (Streams.Labels, options.Labels?.RateHz),
            (Streams.Normals, options.Normals?.RateHz),
            (Streams.Instances, options.Instances?.RateHz),
            (Streams.Mask, options.Mask?.RateHz),
            (Streams.Cloud, options.Cloud?.RateHz),
        ];
        foreach ((string stream, double? rate) in rates)
        {
            if (rate is { } hz && !(hz is >= 0.001 and <= 1000))
            {
                yield return FormattableString.Invariant($"The rate of {stream} is 0.001 to 1000 Hz, found {hz}; null means every picture.");
            }
        }
    }
}
