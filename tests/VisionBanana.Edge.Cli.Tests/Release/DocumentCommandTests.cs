using System.Text.RegularExpressions;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>Commands in documents are commands that were run: as they are written, in a folder that has what they name, on ports of their own.</summary>
public sealed partial class DocumentCommandTests
{
    private const string Listening = "for i in $(seq 600); do (: < /dev/tcp/127.0.0.1/1883) 2> /dev/null && break; sleep 0.1; done; sleep 2";

    private const string Running = $"vbedge run --no-view > /dev/null 2>&1 & {Listening}";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>The lines of the README's list of commands; words with '|' stand for one command each.</summary>
    public static TheoryData<string> ReadmeLines =>
    [
        .. Line().Matches(Document("README.md")).Select(m => m.Groups[1].Value).Where(l => l.StartsWith("./vbedge", StringComparison.Ordinal)).Distinct(),
    ];

    [Fact]
    public async Task FirstEvening_LineByLine_Works()
    {
        using var work = new WorkFolder();
        PutThere(work.Path);
        string script = string.Join('\n', Block().Matches(Document("docs/first-evening.md")).Select(m => m.Groups[1].Value));

        // Three seconds are enough for its reader; a machine under load takes what it takes, and nothing is left behind.
        script = script.Replace("sleep 3", Listening, StringComparison.Ordinal);
        (int code, string output) = await RunAsync(work, $"set -euo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n{script}");

        Assert.True(code == 0, output);
        Assert.Contains("rms", output, StringComparison.Ordinal);
        Assert.Contains("vb/v1/robot/front/cloud", output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(work.Path, "evening", "camera.html")));
    }

    [Theory]
    [MemberData(nameof(ReadmeLines))]
    public async Task Readme_ALineOfCommands_Works(string line)
    {
        using var work = new WorkFolder();
        PutThere(work.Path);
        foreach (string command in Alternatives(line[2..]))
        {
            // What runs until Ctrl-C gets it when it has begun; everything else ends by itself.
            string run = IsEndless(command)
                ? $"{command} > out.txt 2>&1 < /dev/null & for i in $(seq 600); do [ -s out.txt ] && break; sleep 0.1; done; sleep 2; kill -INT $!; wait $!; "
                    + "code=$?; cat out.txt; exit $code"
                : $"timeout 60 {command} < /dev/null";
            int[] ends = IsEndless(command) ? [0, 130] : [0];
            string script = $"trap 'kill $(jobs -p) 2> /dev/null; wait' EXIT\n{Preparation(command)}\n{run}";
            (int code, string output) = await RunAsync(work, script);
            bool hasCamera = !command.Contains("/dev/video0", StringComparison.Ordinal) || File.Exists("/dev/video0");
            bool isWell = hasCamera ? ends.Contains(code) : output.Contains("There is no camera at /dev/video0", StringComparison.Ordinal);
            Assert.True(isWell && output.Trim().Length > 0, $"{command}: exit {code}\n{output}");
        }
    }

    private static bool IsEndless(string command) => command is "vbedge run" or "vbedge run my-pipeline.yaml"
        || command.StartsWith("vbedge run --record", StringComparison.Ordinal) || command.StartsWith("vbedge bench", StringComparison.Ordinal);

    private static IEnumerable<string> Alternatives(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int at = Array.FindIndex(words, w => w.Contains('|', StringComparison.Ordinal));
        return at < 0
            ? [Completed(line)]
            : words[at].Split('|').Select(verb => Completed(string.Join(' ', words.Select((w, i) => i == at ? verb : w))));
    }

    /// <summary>The few verbs of a list that need a word more than the list shows.</summary>
    private static string Completed(string command) => command switch
    {
        "vbedge model verify" or "vbedge model inspect" => $"{command} painter-s",
        "vbedge calibration convert camera.yaml" => $"{command} camchain.yaml --to kalibr",
        "vbedge calibration scale camera.yaml" => $"{command} small.yaml --size 320x240",
        "vbedge calibration show camera.yaml" => $"{command} --image picture.jpg -o show.png",
        "vbedge listen" => $"{command} --seconds 3",
        "vbedge engine build" or "vbedge engine verify" => $"{command} painter-s",
        _ => command,
    };

    /// <summary>What an earlier line of the document would have made.</summary>
    private static string Preparation(string command) => command switch
    {
        _ when command.Contains("replay run.mcap", StringComparison.Ordinal) => "vbedge run --record run.mcap --frames 10 --no-view > /dev/null",
        _ when command.Contains("--source camera.mcap", StringComparison.Ordinal) =>
            "vbedge record camera.mcap --source clip.mp4 --camera my-camera.yaml --frames 10 > /dev/null",
        _ when command.Contains("listen", StringComparison.Ordinal) => Running,
        _ when command.Contains("forget", StringComparison.Ordinal) => Running,
        _ when command.Contains("--source bag/", StringComparison.Ordinal) =>
            "mkdir bag && vbedge record bag/bag_0.mcap --source clip.mp4 --camera my-camera.yaml --frames 10 > /dev/null",
        _ => ":",
    };

    private static void PutThere(string folder)
    {
        foreach (string name in (string[])["samples", "models", "calibration"])
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Nearby.RepositoryRoot, name));
        }

        Directory.CreateSymbolicLink(Path.Combine(folder, "boards"), Nearby.SharedData("boards"));
        string dataset = Nearby.SharedData("real/office-tum");
        Directory.CreateSymbolicLink(Path.Combine(folder, "DATASET"), dataset);
        File.Copy(Path.Combine(WorkFolder.Demo, "room.mp4"), Path.Combine(folder, "clip.mp4"));
        string camera = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "calibration", "demo-room.yaml"));
        File.WriteAllText(Path.Combine(folder, "my-camera.yaml"), camera);
        File.WriteAllText(Path.Combine(folder, "camera.yaml"), camera);
        string pipeline = Document("samples/demo/pipeline.yaml").Replace("room.mp4", "clip.mp4", StringComparison.Ordinal)
            .Replace("../../", "", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "my-pipeline.yaml"), pipeline);
        File.Copy(Directory.GetFiles(Path.Combine(dataset, "rgb")).Order(StringComparer.Ordinal).First(), Path.Combine(folder, "picture.jpg"));
    }

    private static async Task<(int Code, string Output)> RunAsync(WorkFolder work, string script)
    {
        string tool = Path.Combine(work.Path, "vbedge");
        File.WriteAllText(tool, $"#!/bin/sh\nexec env --default-signal=INT dotnet {AppContext.BaseDirectory}/vbedge.dll \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(tool, (UnixFileMode)0x1ED);
        }

        using var shell = new ExternalProcess("env", ["-C", work.Path, $"PATH={work.Path}:{Environment.GetEnvironmentVariable("PATH")}", "bash", "-c", script]);
        int code = await shell.WaitAsync(Limit);
        return (code, $"{string.Join('\n', shell.Output)}\n{shell.Errors}");
    }

    private static string Document(string path) => File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, path));

    [GeneratedRegex(@"```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^    (\S.*?)\s*(?:#.*)?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
