using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>The calibration that a recorded sensor_msgs/CameraInfo states for its pictures.</summary>
internal static class RecordedCamera
{
    /// <summary>Null when it says, as ROS does with zeros, that the camera was never calibrated.</summary>
    /// <exception cref="MessageFormatException">It is malformed or of a model that is not known.</exception>
    public static CameraIntrinsics? Read(ReadOnlyMemory<byte> payload)
    {
        CameraInfo info = RosMessage.Decode<CameraInfo>(payload);
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
        CameraIntrinsics camera = draft.WithMatrix(info.K.AsSpan(), "K", Problem)?.Finish("K", "D", Problem)
            ?? throw new MessageFormatException($"The calibration cannot be used: {string.Join("; ", problems)}.");
        if (problems.Count > 0)
        {
            throw new MessageFormatException($"The calibration cannot be used: {string.Join("; ", problems)}.");
        }

        return WithRegion(camera, info);
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
