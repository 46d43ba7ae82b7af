using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>What every kind of source checks before its first picture.</summary>
internal static class SourceChecks
{
    public static CameraIntrinsics? IntrinsicsFor(SourceDescription source)
    {
        CameraSourceOptions options = source.Options;
        if (options.Intrinsics is not { } camera)
        {
            return options.HorizontalFovDegrees is { } fov ? CameraIntrinsics.FromHorizontalFov(source.Width, source.Height, fov) : null;
        }

        if (options.HorizontalFovDegrees is not null)
        {
            throw new CameraException("A calibration and a horizontal field of view were given for one camera: leave one of them out.");
        }

        if ((camera.Width, camera.Height) != (source.Width, source.Height))
        {
            throw new CameraException(
                $"The calibration '{camera.Name}' is for {camera.Width}×{camera.Height}, the pictures of {source.Text} are {source.Width}×{source.Height}: "
                + "give the file that was made at this size, or calibrate again.");
        }

        return camera;
    }

    /// <summary>Refuses options that mean nothing for this kind of source.</summary>
    public static void Refuse(string kind, params ReadOnlySpan<(string Name, bool Given)> options)
    {
        var names = new List<string>();
        foreach ((string name, bool given) in options)
        {
            if (given)
            {
                names.Add(name);
            }
        }

        if (names.Count > 0)
        {
            throw new CameraException($"{string.Join(", ", names)}: not possible for {kind}; leave it out.");
        }
    }

    public static void RequireSensible(CameraSourceOptions options)
    {
        if (options.FramesPerSecond is { } rate && !(rate is > 0 and <= 1000))
        {
            throw new CameraException(FormattableString.Invariant($"A rate of {rate} Hz was asked for; it must lie above 0 and at most at 1000."));
        }

        if (options.HorizontalFovDegrees is { } fov && !(fov is > 1 and < 179))
        {
            throw new CameraException(FormattableString.Invariant($"A horizontal field of view of {fov}° was given; it must lie between 1° and 179°."));
        }

        if (options.PoolCapacity < 1)
        {
            throw new CameraException($"A pool of {options.PoolCapacity} pictures was asked for; it needs at least 1.");
        }
    }
}
