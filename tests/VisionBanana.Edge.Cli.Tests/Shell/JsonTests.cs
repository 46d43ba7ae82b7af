using System.CommandLine;
using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Shell;

/// <summary>With <c>--json</c> every way out of every verb is one object with <c>error</c> and <c>exit_code</c>; the test walks over the verbs.</summary>
public sealed class JsonTests
{
    private const string Picture = "{data}/real/tabletop-a/rgb/000.jpg", Calibration = "{data}/real/tabletop-a/camera.yaml";

    /// <summary>A command of each verb that ends soon, with the exit codes that it may have; <c>{work}</c> and <c>{data}</c> are folders.</summary>
    private static readonly Dictionary<string, (string Arguments, int[] ExitCodes)> Ends = new()
    {
        ["run"] = ("{work}/pipeline.yaml --frames 2 --no-view", [0]),
        ["capture"] = ("{work}/pipeline.yaml", [2]),
        ["worker"] = ("--metrics nowhere", [2]),
        ["infer"] = ($"{Picture} --camera {Calibration} --instruction depth -o {{work}}/out", [0]),
        ["eval"] = ("{work}/no-such-folder", [2]),
        ["scale"] = ("{work}/none.mp4 --known 2 --hfov 60", [1]),
        ["record"] = ("{work}/a.mcap --pipeline {work}/pipeline.yaml --frames 2", [0]),
        ["replay"] = ("{work}/no-such.mcap --pipeline {work}/pipeline.yaml", [1]),
        ["listen"] = ("--zeromq tcp://127.0.0.1:{port} --seconds 0.2", [1]),
        ["forget"] = ("robot --mqtt 127.0.0.1:1", [1]),
        ["model list"] = ("", [0]),
        ["model verify"] = ("painter-s", [0]),
        ["model inspect"] = ("painter-s", [0]),
        ["engine build"] = ("no-such-model --folder {work}/engines", [1, 2]),
        ["engine verify"] = ("no-such-model --folder {work}/engines", [1, 2]),
        ["engine list"] = ("--folder {work}/engines", [0]),
        ["engine clear"] = ("--folder {work}/engines", [0]),
        ["calibration lint"] = ("{data}/field/calib_hd_for_vga.yaml", [1]),
        ["calibration convert"] = ($"{Calibration} {{work}}/kalibr.yaml --to kalibr", [0]),
        ["calibration scale"] = ($"{Calibration} {{work}}/small.yaml --size 320x240", [0]),
        ["calibration show"] = ($"{Calibration} -o {{work}}/lens.png", [0]),
        ["calibrate chessboard"] = ("--images {work}/none.jpg --pattern 9x6 --square 0.025 -o {work}/c.yaml", [1, 2]),
        ["calibrate charuco"] = ("--images {work}/none.jpg --pattern 9x6 --square 0.025 --marker 0.018 -o {work}/c.yaml", [1, 2]),
        ["calibrate aprilgrid"] = ("--images {work}/none.jpg --pattern 6x6 --tag 0.025 --spacing 0.3 -o {work}/c.yaml", [1, 2]),
        ["calibrate target chessboard"] = ("--pattern 9x6 -o {work}/target.pdf", [0]),
        ["calibrate target charuco"] = ("--pattern 9x6 -o {work}/charuco.pdf", [0]),
        ["calibrate target aprilgrid"] = ("--pattern 6x6 -o {work}/grid.pdf", [0]),
        ["calibrate mount chessboard"] = ($"--image {Picture} --camera {Calibration} --pattern 9x6 --square 0.025", [1]),
        ["calibrate mount charuco"] = ($"--image {Picture} --camera {Calibration} --pattern 9x6 --square 0.025", [1, 2]),
        ["calibrate mount aprilgrid"] = ($"--image {Picture} --camera {Calibration} --pattern 6x6 --tag 0.025", [1, 2]),
        ["calibrate target marker"] = ("--size 0.1 -o {work}/marker.pdf", [0]),
        ["calibrate mount marker"] = ($"--image {Picture} --camera {Calibration} --size 0.1 --position 1,0,0.4 --rpy 0,0,180", [1]),
        ["keys new"] = ("-o {work}", [0]),
        ["bench"] = ("--compare {work}/a.json {work}/b.json", [2]),
        ["doctor"] = ("{work}/pipeline.yaml", [0, 1]),
    };

    /// <summary>Verbs that write a text or wait for a page: they report nothing, and know no <c>--json</c>.</summary>
    private static readonly string[] WithoutReport = ["completion", "man", "setup"];

    public static TheoryData<string> Reporting() => [.. Leaves(Tool.CreateRoot(), "").Except(WithoutReport)];

    public static TheoryData<string> Verbs() => [.. Leaves(Tool.CreateRoot(), "")];

    [Theory]
    [MemberData(nameof(Reporting))]
    public async Task Json_AnEndOfEveryVerb_IsOneObjectWithErrorAndExitCode(string verb)
    {
        Assert.True(Ends.TryGetValue(verb, out (string Arguments, int[] ExitCodes) end), $"the verb '{verb}' has no line in {nameof(Ends)}");
        string data = end.Arguments.Contains("{data}", StringComparison.Ordinal) ? Path.GetDirectoryName(Nearby.SharedData("real"))! : "";
        using var work = new WorkFolder();
        work.WritePipeline();
        string[] arguments =
        [
            .. end.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => a
                .Replace("{work}", work.Path, StringComparison.Ordinal).Replace("{data}", data, StringComparison.Ordinal)
                .Replace("{port}", $"{work.ZeroMqPort}", StringComparison.Ordinal)),
        ];

        Vbedge.Result result = await Vbedge.RunInAsync(work.Path, [.. verb.Split(' '), .. arguments, "--json"]);

        Assert.True(end.ExitCodes.Contains(result.ExitCode), result.ToString());
        CheckOneObject(result);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Json_AnOptionThatIsNone_IsOneObjectWithErrorAndExitCode(string verb)
    {
        Vbedge.Result result = await Vbedge.RunAsync([.. verb.Split(' '), "--no-such-option", "--json"]);

        Assert.True(result.ExitCode == 2, result.ToString());
        CheckOneObject(result);
    }

    private static void CheckOneObject(Vbedge.Result result)
    {
        using JsonDocument document = JsonDocument.Parse(result.Output);
        JsonElement report = document.RootElement;
        Assert.True(report.ValueKind == JsonValueKind.Object, result.ToString());
        Assert.Equal(result.ExitCode, report.GetProperty("exit_code").GetInt32());
        JsonElement error = report.GetProperty("error");
        Assert.True(result.ExitCode == 0 ? error.ValueKind == JsonValueKind.Null : error.GetString()!.Length > 0, result.ToString());
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(verb => Leaves(verb, path.Length == 0 ? verb.Name : $"{path} {verb.Name}"));
}
