using System.Collections.Immutable;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>The calibration that a recorded sensor_msgs/CameraInfo states for its pictures.</summary>
internal static class RecordedCamera
{
    /// <summary>Null when it says, as ROS does with zeros, that the camera was never calibrated.</summary>
    /// <param name="payload">The message.</param>
    /// <param name="areRectified">Whether its pictures are rectified already: then P describes them, and D must not be applied again.</param>
    /// <exception cref="MessageFormatException">It is malformed or of a model that is not known.</exception>
    public static CameraIntrinsics? Read(ReadOnlyMemory<byte> payload, bool areRectified)
    {
        CameraInfo info = RosMessage.Decode<CameraInfo>(payload);
        if (areRectified)
        {
            info = Rectified(info);
        }

        if (info.K.All(k => k == 0))
        {
            return null;
        }

        var problems = new List<string>();
        void Problem(string key, string message) => problems.Add($"{key}: {message}");
        var draft = new CameraDraft((int)Math.Min(info.Width, int.MaxValue), (int)Math.Min(info.Height, int.MaxValue))
        {
            Name = info.Header.FrameId.Length > 0 ? info.Header.FrameId : "camera",
            Model = info.DistortionModel.Length > 0 ? info.DistortionModel : null,
            Coefficients = info.D,
        };
        // A turned camera has a skew along y, which files of cameras do not.
        double skewY = info.K.Length == 9 && Math.Abs(info.K[3]) <= 0.1 * info.K[4] ? info.K[3] : 0;
        ImmutableArray<double> matrix = skewY == 0 ? info.K : info.K.SetItem(3, 0);
        CameraIntrinsics camera = draft.WithMatrix(matrix.AsSpan(), "K", Problem)?.Finish("K", "D", Problem)
            ?? throw new MessageFormatException($"The calibration cannot be used: {string.Join("; ", problems)}.");
        if (problems.Count > 0)
        {
            throw new MessageFormatException($"The calibration cannot be used: {string.Join("; ", problems)}.");
        }

        return WithRegion(skewY == 0 ? camera : camera with { SkewY = skewY }, info);
    }

    /// <summary>The pinhole camera that image_proc made the pictures for.</summary>
    private static CameraInfo Rectified(CameraInfo info)
    {
        bool hasProjection = info.P.Length == 12 && info.P[0] != 0;
        if (!hasProjection && info.D.Any(d => d != 0))
        {
            throw new MessageFormatException(
                "The pictures are rectified, but the camera_info beside them has no projection P that describes them: give their calibration.");
        }

        return info with
        {
            K = hasProjection ? [info.P[0], info.P[1], info.P[2], info.P[4], info.P[5], info.P[6], info.P[8], info.P[9], info.P[10]] : info.K,
            D = [],
            DistortionModel = "plumb_bob",
        };
    }

    private static CameraIntrinsics WithRegion(CameraIntrinsics camera, CameraInfo info)
    {
        RegionOfInterest roi = info.Roi;
        uint width = roi.Width == 0 ? info.Width : roi.Width, height = roi.Height == 0 ? info.Height : roi.Height;
        if ((ulong)roi.XOffset + width > info.Width || (ulong)roi.YOffset + height > info.Height)
        {
            throw new MessageFormatException($"The region {width}×{height}+{roi.XOffset}+{roi.YOffset} does not lie inside {info.Width}×{info.Height} pixels.");
        }

        uint binX = Math.Max(info.BinningX, 1), binY = Math.Max(info.BinningY, 1);
        if (width % binX != 0 || height % binY != 0)
        {
            throw new MessageFormatException($"A picture of {width}×{height} cannot be binned {binX}×{binY}.");
        }

        if (width != info.Width || height != info.Height)
        {
            camera = camera.Cropped((int)roi.XOffset, (int)roi.YOffset, (int)width, (int)height);
        }

        return binX == 1 && binY == 1 ? camera : camera.Resized((int)(width / binX), (int)(height / binY));
    }
}
