using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>
/// The one way words of the command line become values. Whatever does not fit is refused with what was expected, an example and what was
/// found; numbers are read the same way on every machine: a point before the decimals, and no marks between thousands.
/// </summary>
internal static class OptionOf
{
    private const NumberStyles Decimals = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign;

    private static readonly Dictionary<string, string> Examples = new()
    {
        ["--source"] = "clip.mp4",
        ["--anchor"] = "range:CENTER",
        ["--at"] = "0.5,0.5",
        ["--topic"] = "/front/image_raw",
        ["--camera"] = "camera.yaml",
        ["--pipeline"] = "pipeline.yaml",
        ["--instruction"] = "depth",
        ["--view"] = "0.0.0.0:9000",
        ["--record"] = "run.mcap",
        ["--mqtt"] = "127.0.0.1:1883",
        ["--broker"] = "127.0.0.1:1883",
        ["--group"] = "default",
        ["--id"] = "worker-1",
        ["--user"] = "worker",
        ["--certificate"] = "worker.pem",
        ["--key"] = "worker.key",
        ["--metrics"] = "127.0.0.1:9464",
        ["--zeromq"] = "tcp://127.0.0.1:5556",
        ["--images"] = "boards/*.jpg",
        ["--right"] = "right/*.jpg",
        ["--image"] = "picture.jpg",
        ["--dictionary"] = "5X5_100",
        ["--parent"] = "base_link",
        ["--compare"] = "a.json b.json",
        ["--password-variable"] = "MQTT_PASSWORD",
        ["--ca"] = "ca.pem",
        ["--report"] = "report.html",
    };

    /// <summary>Reads a word; false when it does not fit.</summary>
    public delegate bool TryRead<T>(string text, out T value);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Option<double?> Number(string name, double least, double most, string unit, string example, string description) =>
        One<double?>(name, description, Range(least, most, unit), example, Nullable(Within(least, most)));

    /// <summary>A number with a value for when it is not given.</summary>
    public static Option<double> Number(string name, double least, double most, string unit, string example, string description, double otherwise)
    {
        Option<double> option = One(name, description, Range(least, most, unit), example, Within(least, most));
        option.DefaultValueFactory = _ => otherwise;
        return option;
    }

    /// <summary>Numbers; the option is repeated for each.</summary>
    public static Option<double[]> Numbers(string name, double least, double most, string unit, string example, string description, double? except = null)
    {
        string expected = Range(least, most, unit) + (except is { } not ? FormattableString.Invariant($" other than {not}") : "");
        TryRead<double> read = Within(least, most);
        return new Option<double[]>(name)
        {
            Description = description,
            AllowMultipleArgumentsPerToken = false,
            CustomParser = ReaderOfMany(name, expected, example, (string text, out double value) => read(text, out value) && value != except),
        };
    }

    /// <summary>A whole number.</summary>
    public static Option<int?> Count(string name, int least, int most, string example, string description)
    {
        string expected = most == int.MaxValue ? $"a whole number, at least {least}" : $"a whole number from {least} to {most}";
        return One(
            name, description, expected, example,
            (string text, out int? value) =>
            {
                bool isWhole = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole);
                value = whole;
                return isWhole && whole >= least && whole <= most;
            });
    }

    /// <summary>Three numbers such as 1.5,0,0.4, each within ± <paramref name="most"/>.</summary>
    public static Option<(double X, double Y, double Z)> Triple(string name, double most, string unit, string example, string description) =>
        One<(double, double, double)>(
            name, description, $"three numbers, {Range(-most, most, unit)}", example,
            (string text, out (double, double, double) value) =>
            {
                TryRead<double> read = Within(-most, most);
                double[] numbers = [.. text.Split(',').Select(t => read(t, out double number) ? number : double.NaN)];
                value = numbers.Length == 3 ? (numbers[0], numbers[1], numbers[2]) : default;
                return numbers.Length == 3 && numbers.All(double.IsFinite);
            });

    /// <summary>A size such as 640x480.</summary>
    public static Option<(int Width, int Height)> Size(string name, string what, string example, string description) =>
        One<(int, int)>(name, description, $"{what}, columns x rows", example, PictureSize.TryParse);

    /// <summary>A value with a reader of its own.</summary>
    public static Option<T> Of<T>(string name, string expected, string example, TryRead<T> read, string description) =>
        One(name, description, expected, example, read);

    /// <summary>Which part of 16-bit samples is shown.</summary>
    public static Option<SampleScale?> Samples(string name, string description) =>
        One<SampleScale?>(name, description, SampleScale.Expected, "auto", SampleScale.TryParse);

    /// <summary>One of a few words.</summary>
    public static Option<string?> Word(string name, IReadOnlyList<string> words, string description)
    {
        Option<string?> option = One<string?>(
            name, description, $"one of {string.Join(", ", words)}", words[0], (string text, out string? value) => words.Contains(value = text));
        option.CompletionSources.Add([.. words]);
        return option;
    }

    /// <summary>One of a few words, with a value for when none is given.</summary>
    public static Option<string> Word(string name, IReadOnlyList<string> words, string otherwise, string description)
    {
        Option<string> option = One(
            name, description, $"one of {string.Join(", ", words)}", words[0], (string text, out string value) => words.Contains(value = text));
        option.CompletionSources.Add([.. words]);
        option.DefaultValueFactory = _ => otherwise;
        return option;
    }

    /// <summary>Gives every option and argument below a command that reads text or paths its parser: none is without.</summary>
    public static void Guard(Command command)
    {
        foreach (Option option in command.Options)
        {
            Guard(option);
        }

        foreach (Argument argument in command.Arguments)
        {
            Guard(argument);
        }

        foreach (Command verb in command.Subcommands)
        {
            Guard(verb);
        }
    }

    private static void Guard(Option option)
    {
        switch (option)
        {
            case Option<string?> { CustomParser: null } text:
                text.CustomParser = Reader<string?>(text.Name, text.HelpName ?? "a text", ExampleOf(text), IsText);
                break;
            case Option<string[]> { CustomParser: null } texts:
                texts.CustomParser = ReaderOfMany<string>(texts.Name, "a text", ExampleOf(texts), IsText!);
                break;
            case Option<FileInfo?> { CustomParser: null } file:
                file.CustomParser = Reader<FileInfo?>(file.Name, "the path of a file", ExampleOf(file), IsFile);
                break;
            case Option<DirectoryInfo?> { CustomParser: null } folder:
                folder.CustomParser = Reader<DirectoryInfo?>(folder.Name, "the path of a folder", ExampleOf(folder), IsFolder);
                break;
        }
    }

    private static void Guard(Argument argument)
    {
        switch (argument)
        {
            case Argument<FileInfo?> { CustomParser: null } file:
                file.CustomParser = ReaderOfArgument<FileInfo?>(file.Name, IsFile);
                break;
            case Argument<DirectoryInfo?> { CustomParser: null } folder:
                folder.CustomParser = ReaderOfArgument<DirectoryInfo?>(folder.Name, IsFolder);
                break;
        }

        // An argument takes any word, a mistyped option and an empty one too: this tells them apart.
        argument.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                if (token.Value.StartsWith('-'))
                {
                    result.AddError($"There is no option '{token.Value}' here.");
                }
                else if (string.IsNullOrWhiteSpace(token.Value))
                {
                    result.AddError($"{argument.Name}: expected a name that is not empty, e.g. {argument.Name}, found '{token.Value}'.");
                }
            }
        });
    }

    private static string ExampleOf(Option option) => Examples.GetValueOrDefault(option.Name) ?? option.Name.TrimStart('-');

    private static Option<T> One<T>(string name, string description, string expected, string example, TryRead<T> read) => new(name)
    {
        Description = description,
        CustomParser = Reader(name, expected, example, read),
    };

    private static Func<ArgumentResult, T?> Reader<T>(string name, string expected, string example, TryRead<T> read) => result =>
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
        if (!read(text, out T value))
        {
            result.AddError(Problem(name, expected, example, text));
        }

        return value;
    };

    private static Func<ArgumentResult, T[]?> ReaderOfMany<T>(string name, string expected, string example, TryRead<T> read) => result =>
    {
        var values = new List<T>();
        foreach (Token token in result.Tokens)
        {
            if (!read(token.Value, out T value))
            {
                result.AddError(Problem(name, expected, example, token.Value));
                break;
            }

            values.Add(value);
        }

        return [.. values];
    };

    private static Func<ArgumentResult, T?> ReaderOfArgument<T>(string name, TryRead<T> read) => result =>
    {
        // The validator of arguments tells what is wrong with an empty one.
        read(result.Tokens.Count == 0 ? "" : result.Tokens[0].Value, out T value);
        return value;
    };

    private static string Problem(string name, string expected, string example, string found) =>
        $"{name}: expected {expected}, e.g. {name} {example}, found '{found}'.";

    private static string Range(double least, double most, string unit) =>
        FormattableString.Invariant($"{least} to {most}{(unit.Length == 0 ? "" : $" {unit}")}");

    private static TryRead<double> Within(double least, double most) =>
        (string text, out double value) => double.TryParse(text, Decimals, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static TryRead<double?> Nullable(TryRead<double> read) => (string text, out double? value) =>
    {
        bool fits = read(text, out double number);
        value = number;
        return fits;
    };

    private static bool IsText(string text, out string? value) => !string.IsNullOrWhiteSpace(value = text);

    private static bool IsFile(string text, out FileInfo? value)
    {
        value = string.IsNullOrWhiteSpace(text) ? null : new FileInfo(text);
        return value is not null;
    }

    private static bool IsFolder(string text, out DirectoryInfo? value)
    {
        value = string.IsNullOrWhiteSpace(text) ? null : new DirectoryInfo(text);
        return value is not null;
    }
}
