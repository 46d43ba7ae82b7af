using System.Text;

namespace VisionBanana.Edge.Sources;

/// <summary>The words of a command, as a shell would split them; nothing is expanded, and there is no shell.</summary>
internal sealed class ProgramCommand
{
    private ProgramCommand(List<string> words) => (Program, Arguments, Shown) = (words[0], words[1..], Path.GetFileName(words[0]));

    /// <summary>A name in the PATH, or an absolute path.</summary>
    public string Program { get; }

    /// <summary>What it is told.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>What may be shown of it: arguments may hold secrets.</summary>
    public string Shown { get; }

    /// <summary>Splits a command at blanks; quotes of both kinds hold blanks, a backslash takes the meaning of what comes next.</summary>
    /// <exception cref="CameraException">It is empty, or a quote is not closed.</exception>
    public static ProgramCommand Parse(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        (bool isOpen, char quote) = (false, '\0');
        for (int i = 0; i < command.Length; i++)
        {
            char c = command[i];
            if (c == '\\' && quote != '\'' && i + 1 < command.Length)
            {
                word.Append(command[++i]);
                isOpen = true;
            }
            else if (quote == '\0' ? c is '\'' or '"' : c == quote)
            {
                quote = quote == '\0' ? c : '\0';
                isOpen = true;
            }
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (isOpen)
                {
                    words.Add(word.ToString());
                }

                word.Clear();
                isOpen = false;
            }
            else
            {
                word.Append(c);
                isOpen = true;
            }
        }

        if (isOpen)
        {
            words.Add(word.ToString());
        }

        return quote != '\0' ? throw new CameraException($"A command of exec: has a quote {quote} that is not closed.")
            : words.Count == 0 || words[0].Length == 0 ? throw new CameraException("exec: names no program: expected a command such as exec:rpicam-vid -o -.")
            : words[0].Contains('/', StringComparison.Ordinal) && !Path.IsPathFullyQualified(words[0])
            ? throw new CameraException("exec: takes a program of the PATH or an absolute path, found a relative path.")
            : new ProgramCommand(words);
    }
}
