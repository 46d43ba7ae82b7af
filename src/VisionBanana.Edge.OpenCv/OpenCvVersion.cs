using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv;

/// <summary>Which OpenCV there is.</summary>
public static class OpenCvVersion
{
    /// <summary>Version of the native library; loads it.</summary>
    /// <exception cref="CameraException">It or a library that it needs is missing; the message says what to install.</exception>
    public static string Native()
    {
        NativeOpenCv.Require();
        return Cv2.GetVersionString() ?? "unknown";
    }
}
