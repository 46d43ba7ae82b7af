using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Tests.Navigation;

/// <summary>Cameras on robots and what a navigator makes of their pictures.</summary>
internal static class Views
{
    public static CameraIntrinsics Camera { get; } = CameraIntrinsics.FromHorizontalFov(192, 144, 70);

    public static CameraMount Mount(double z = 1, double pitchDegrees = 0, double rollDegrees = 0, double yawDegrees = 0, double x = 0, double y = 0) =>
        CameraMount.OfBody(
            "base_link", x, y, z, UnitQuaternion.FromRpy(
                double.DegreesToRadians(rollDegrees), double.DegreesToRadians(pitchDegrees), double.DegreesToRadians(yawDegrees)));

    /// <summary>The surroundings of a picture whose depth is sure everywhere.</summary>
    public static Surroundings Look(NavigationOptions options, CameraIntrinsics camera, float[] depth, float[]? confidence = null) =>
        Look(new Navigator(options), options.Mount, camera, depth, confidence);

    /// <summary>The surroundings of one more picture.</summary>
    public static Surroundings Look(Navigator navigator, CameraMount? mount, CameraIntrinsics camera, float[] depth, float[]? confidence = null, long ns = 0)
    {
        var result = new Surroundings();
        float[] sure = confidence ?? new float[depth.Length];
        if (confidence is null)
        {
            sure.AsSpan().Fill(1);
        }

        navigator.Update(
            new NavigationInput { Camera = camera, Mount = mount, Depth = depth, Confidence = sure, InstanceClass = "", MonotonicNs = ns, UtcNs = ns }, result);
        return result;
    }

    /// <summary>The scan of a world.</summary>
    public static ObstacleScan Scan(Scene scene, CameraMount mount, ObstacleOptions? options = null, CameraIntrinsics? camera = null) => Look(
        new NavigationOptions { Mount = mount, Obstacles = options ?? new ObstacleOptions() }, camera ?? Camera,
        scene.Render(camera ?? Camera, mount).Depth).Scan!;

    /// <summary>The bearing of a range, in radians.</summary>
    public static double BearingOf(this ObstacleScan scan, int index) => scan.AngleMin + (index * (double)scan.AngleIncrement);
}
