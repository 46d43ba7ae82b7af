namespace VisionBanana.Edge.OpenCv.Tests;

/// <summary>The program that network streams need; tests of streams skip where it is absent.</summary>
internal static class Ffmpeg
{
    public static void RequireOrSkip()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, "ffmpeg"))), "the ffmpeg program is not installed (apt-get install -y ffmpeg)");
    }
}
