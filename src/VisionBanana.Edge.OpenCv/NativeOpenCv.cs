using System.Runtime.InteropServices;
using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv;

/// <summary>Loads the native library once, with a clear error where it cannot be loaded.</summary>
internal static partial class NativeOpenCv
{
    private static readonly Lazy<Exception?> Failure = new(Load);

    /// <summary>Checks that OpenCV can be called.</summary>
    /// <exception cref="CameraException">The native library or one that it needs is missing; the message says what to install.</exception>
    public static void Require()
    {
        if (Failure.Value is { } e)
        {
            throw Explain(e);
        }
    }

    /// <summary>The error for a failed load; apart so that it can be tested where the library is there.</summary>
    internal static CameraException Explain(Exception e)
    {
        Exception cause = e;
        while (cause is TypeInitializationException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return new CameraException(
            "OpenCV cannot be loaded, so there are no cameras, videos or picture files: its native library or one that it needs is missing. "
            + "In a program of yours: reference the package OpenCvSharp4.official.runtime.linux-x64. "
            + "On Debian and Ubuntu: apt-get install -y --no-install-recommends libgtk-3-0 libatomic1 libdrm2. "
            + "On an arm64 board: bring libOpenCvSharpExtern.so. "
            + $"The loader said: {cause.Message.Split('\n')[0]}",
            e);
    }

    private static Exception? Load()
    {
        try
        {
            // What goes wrong is told by our own errors; FFmpeg's and OpenCV's notes would repeat it in their terms.
            // FFmpeg reads the C library's environment, which only setenv reaches; a value set by the user stays.
            if (OperatingSystem.IsLinux())
            {
                _ = SetEnvironment("OPENCV_FFMPEG_LOGLEVEL", "-8", 0);
            }

            if (Environment.GetEnvironmentVariable("OPENCV_LOG_LEVEL") is null)
            {
                Cv2.SetLogLevel(LogLevel.SILENT);
            }
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or EntryPointNotFoundException or BadImageFormatException)
        {
            return e;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
