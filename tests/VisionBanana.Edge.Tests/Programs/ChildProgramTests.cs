using System.Diagnostics;
using VisionBanana.Edge.Programs;

namespace VisionBanana.Edge.Tests.Programs;

public sealed class ChildProgramTests
{
    [Fact]
    public void Find_ProgramInTheWorkingDirectory_IsPassedOver()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "programs are marked by their mode");
        string folder = Directory.CreateTempSubdirectory("vbedge-path-").FullName;
        string program = Path.Combine(folder, "ffmpeg");
        File.WriteAllText(program, "");
        SetMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder);

        Assert.Null(ChildProgram.Find("ffmpeg", $".::{relative}"));
        Assert.Equal(program, ChildProgram.Find("ffmpeg", $".:{relative}:{folder}"));
        Assert.Null(ChildProgram.Find("ffmpeg", null));
        SetMode(program, UnixFileMode.UserRead);
        Assert.Null(ChildProgram.Find("ffmpeg", folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Ask_Environment_HoldsWhatIsNeededAndNoSecrets()
    {
        Environment.SetEnvironmentVariable("VBEDGE_TEST_PASSWORD", "S3CRET");
        string[] lines = ChildProgram.Ask("env")!.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Contains(lines, l => l.StartsWith("PATH=/", StringComparison.Ordinal));
        Assert.Empty(lines.Select(l => l.Split('=')[0]).Except(["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ"]));
        Assert.Equal("/", ChildProgram.Ask("pwd", "-P")?.Trim());
    }

    [Fact]
    public void Ask_ProgramThatFailsIsNotThereOrSaysTooMuch_IsNull()
    {
        Assert.Null(ChildProgram.Ask("no-such-program-anywhere"));
        Assert.Null(ChildProgram.Ask("false"));
        Assert.Null(ChildProgram.Ask("yes"));
        Assert.Equal("well", ChildProgram.Ask("echo", "-n", "well"));
    }

    [Theory]
    [InlineData("sleep 987 & echo $!; wait", false)]
    [InlineData("sleep 987 & echo $!", false)]
    [InlineData("(trap '' TERM; sleep 987) & echo $!; wait", true)]
    public async Task EndGroup_WhatAShellStarted_EndsWithIt(string script, bool atOnce)
    {
        Assert.SkipWhen(ChildProgram.Find("setsid") is null, "setsid is not installed");
        using Process shell = ChildProgram.StartGroup("sh", ["-c", script]);
        string started = (await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;

        ChildProgram.EndGroup(shell, atOnce);

        // A zombie has ended too.
        for (int i = 0; i < 100 && State(started) is not ("" or "Z"); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.Contains(State(started), (string[])["", "Z"]);

        static string State(string id)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/stat").Split(' ')[2];
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Fact]
    public async Task Start_ByAThreadThatEnds_RunsOn()
    {
        Process? process = null;
        var starter = new Thread(() => process = ChildProgram.Start("sleep", ["60"]));
        starter.Start();
        starter.Join();

        await Task.Delay(300);
        Assert.False(process!.HasExited);
        ChildProgram.Kill(process);
        Assert.True(process.WaitForExit(5000));
        process.Dispose();
    }

    [Fact]
    public async Task Lines_LongerThanTheBound_AreCut()
    {
        var lines = new List<string>();
        await BoundedText.LinesAsync(new StringReader(new string('x', 100_000) + "\nend"), lines.Add);
        Assert.Equal([BoundedText.LongestLine, 3], lines.Select(l => l.Length));
    }

    [Fact]
    public void Programs_OfTheWholeSource_AreStartedByTheOneLauncher()
    {
        string[] words = ["Process.Start(", "ProcessStartInfo", "new Process(", "new Process {", "execve", "posix_spawn", "\"libc\", EntryPoint = \"system\""];
        string source = Path.Combine(Nearby.RepositoryRoot, "src");
        var found = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && words.Any(w => File.ReadAllText(f).Contains(w, StringComparison.Ordinal)))
            .Select(f => Path.GetRelativePath(source, f)).Order(StringComparer.Ordinal);
        Assert.Equal(["VisionBanana.Edge/Programs/ChildProgram.cs", "VisionBanana.Edge/Programs/StartingThread.cs"], found);
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
