using System.CommandLine;
using System.Globalization;

namespace VisionBanana.Edge.Cli.Tests.Shell;

/// <summary>Every option and argument of every verb, found by walking over the commands.</summary>
public sealed class OptionTests
{
    private static readonly string[] NoNumbers = ["sixty", "6,5", "", " ", "NaN", "1e999", "0x10", "٣", "1_000", "12 34", "\u00a0"];

    public static TheoryData<string> Verbs() => [.. Leaves(Tool.CreateRoot(), "").Select(l => l.Path)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Parse_GarbageForEachOption_IsRefusedWithFoundExpectedAndExample(string verb)
    {
        foreach (Option option in Find(verb).Options.Where(o => o.ValueType != typeof(bool)))
        {
            foreach (string garbage in GarbageFor(option))
            {
                ParseResult parsed = Tool.CreateRoot().Parse(
                    [.. verb.Split(' '), option.Name, .. Enumerable.Repeat(garbage, option.Arity.MinimumNumberOfValues)]);

                // Required options and arguments that are missing here are told too.
                Assert.True(
                    parsed.Errors.Any(e => IsClear(e.Message, option, garbage)),
                    $"{verb} {option.Name} {garbage}: {string.Join(" | ", parsed.Errors.Select(e => e.Message))}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Parse_EmptyOrMistypedArgument_IsRefused(string verb)
    {
        foreach (string word in (string[])["", " ", "--no-such-option"])
        {
            ParseResult parsed = Tool.CreateRoot().Parse([.. verb.Split(' '), word]);

            Assert.True(parsed.Errors.Count > 0, $"{verb} '{word}' was taken");
        }
    }

    [Fact]
    public void Parse_NumbersInACultureWithCommas_AreReadAlike()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            commas.NumberFormat.NumberDecimalSeparator = ",";
            commas.NumberFormat.NumberGroupSeparator = ".";
            CultureInfo.CurrentCulture = commas;
            Assert.Equal(6.5, Tool.CreateRoot().Parse(["run", "--hfov", "6.5"]).GetValue<double?>("--hfov"));
            Assert.NotEmpty(Tool.CreateRoot().Parse(["run", "--hfov", "6,5"]).Errors);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("sixty")]
    [InlineData("6,5")]
    [InlineData("400")]
    public async Task Run_FieldOfViewThatIsNone_ExitsWithTwoAndOneLine(string word)
    {
        Vbedge.Result result = await Vbedge.RunAsync("run", "--hfov", word);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains($"--hfov: expected 5 to 170 degrees, e.g. --hfov 60, found '{word}'.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    private static bool IsClear(string message, Option option, string found) =>
        message.Contains($"{option.Name}: expected ", StringComparison.Ordinal)
        && message.Contains($", e.g. {option.Name} ", StringComparison.Ordinal)
        && message.Contains($"found '{found}'", StringComparison.Ordinal);

    private static string[] GarbageFor(Option option)
    {
        bool isText = option.ValueType == typeof(string) || option.ValueType == typeof(string[])
            || option.ValueType == typeof(FileInfo) || option.ValueType == typeof(DirectoryInfo);
        return isText && option.CompletionSources.Count == 0 ? [" "] : NoNumbers;
    }

    private static Command Find(string verb) => verb.Split(' ').Aggregate<string, Command>(Tool.CreateRoot(), (c, w) => c.Subcommands.Single(s => s.Name == w));

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path.Trim(), command)]
        : command.Subcommands.SelectMany(s => Leaves(s, $"{path} {s.Name}"));
}
