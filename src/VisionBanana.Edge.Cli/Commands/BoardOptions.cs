using System.CommandLine;
using VisionBanana.Edge.Cli.Shell;
using VisionBanana.Edge.OpenCv.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>The options that describe a board, for every verb that looks for one.</summary>
internal sealed class BoardOptions
{
    private readonly string _kind;
    private readonly Option<(int Columns, int Rows)> _pattern;
    private readonly Option<double?> _square = Length("--square", "Side of a square in metres, e.g. 0.025 for 25 mm.");
    private readonly Option<double?> _marker = Length("--marker", "Side of a marker in metres; default: three quarters of a square's.");
    private readonly Option<double?> _tag = Length("--tag", "Side of a tag in metres, from black edge to black edge.");
    private readonly Option<double> _spacing = OptionOf.Number(
        "--spacing", 0, 10, "", "0.3", "The gap between tags as a part of their side.", otherwise: 0.3);
    private readonly Option<string> _dictionary = new("--dictionary")
    {
        Description = "The markers' dictionary, in OpenCV's words.",
        DefaultValueFactory = _ => "5X5_100",
    };
    private readonly Option<int?> _id = OptionOf.Count("--id", 0, 10_000, "7", "The marker's number in the dictionary; default 0.");
    private readonly Option<double?> _size = Length("--size", "Side of the marker in metres, from black edge to black edge.");
    private readonly Option<bool> _legacy = new("--legacy") { Description = "The board was printed with OpenCV before 4.6." };
    private readonly bool _mayChooseSize;

    /// <param name="kind">chessboard, charuco, aprilgrid or marker.</param>
    /// <param name="mayChooseSize">True where the paper may choose the size.</param>
    public BoardOptions(string kind, bool mayChooseSize = false)
    {
        (_kind, _mayChooseSize) = (kind, mayChooseSize);
        (string what, int columns, int rows) = kind switch
        {
            "chessboard" => ("inner corners", 9, 6),
            "charuco" => ("squares", 8, 6),
            "marker" => ("markers", 1, 1),
            _ => ("tags", 6, 6),
        };
        string example = $"{columns}x{rows}";
        _pattern = OptionOf.Size("--pattern", what, example, $"{char.ToUpperInvariant(what[0])}{what[1..]}, columns × rows, e.g. {example}.");
        _pattern.DefaultValueFactory = _ => (columns, rows);
    }

    public void AddTo(Command command)
    {
        Option[] more = _kind switch
        {
            "chessboard" => [_pattern, _square],
            "charuco" => [_pattern, _square, _marker, _dictionary, _legacy],
            "marker" => [_id, _size, _dictionary],
            _ => [_pattern, _tag, _spacing],
        };
        foreach (Option option in more)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="ConfigurationException">The numbers are not those of a board.</exception>
    public CalibrationTarget Read(ParseResult parsed, string? paper = null)
    {
        if (_kind == "marker")
        {
            double size = Size(parsed.GetValue(_size), "--size", paper, 1, 1);
            return new MarkerTarget(parsed.GetValue(_id) ?? 0, size, parsed.GetValue(_dictionary)!);
        }

        (int columns, int rows) = parsed.GetValue(_pattern);
        switch (_kind)
        {
            case "chessboard":
                return new ChessboardTarget(columns, rows, Size(parsed.GetValue(_square), "--square", paper, columns + 1, rows + 1));
            case "charuco":
                return new CharucoTarget(
                    columns, rows, Size(parsed.GetValue(_square), "--square", paper, columns, rows), parsed.GetValue(_marker), parsed.GetValue(_dictionary)!,
                        parsed.GetValue(_legacy));
            default:
                double spacing = parsed.GetValue(_spacing);
                return new AprilGridTarget(
                    columns, rows, Size(parsed.GetValue(_tag), "--tag", paper, columns + ((columns + 1) * spacing), rows + ((rows + 1) * spacing)), spacing);
        }
    }

    private double Size(double? given, string option, string? paper, double columns, double rows) => given
        ?? (_mayChooseSize && paper is not null
            ? TargetPdf.LargestUnit(paper, columns, rows)
            : throw new ConfigurationException($"{option} is missing: the size in metres, e.g. {option} 0.025 for 25 mm; without it nothing is metric."));

    private static Option<double?> Length(string name, string description) => OptionOf.Number(name, 1e-4, 100, "m", "0.025", description);
}
