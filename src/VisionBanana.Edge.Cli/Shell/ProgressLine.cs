namespace VisionBanana.Edge.Cli.Shell;

/// <summary>One line on standard error that tells how far long work is; on something that is no terminal a line now and then.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan TerminalPeriod = TimeSpan.FromMilliseconds(100), PlainPeriod = TimeSpan.FromSeconds(5);

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private long _last = TimeProvider.System.GetTimestamp();
    private int _length;

    /// <summary>Shows where the work is.</summary>
    public void Show(string text)
    {
        if (TimeProvider.System.GetElapsedTime(_last) < (_isTerminal ? TerminalPeriod : PlainPeriod))
        {
            return;
        }

        _last = TimeProvider.System.GetTimestamp();
        if (_isTerminal)
        {
            Console.Error.Write("\r" + text.PadRight(_length));
            _length = text.Length;
        }
        else
        {
            Console.Error.WriteLine(text);
        }
    }

    /// <summary>Says something that stays.</summary>
    public void Note(string text)
    {
        Clear();
        Console.Error.WriteLine($"vbedge: {text}");
    }

    public void Dispose() => Clear();

    /// <summary>Makes room for something that is written elsewhere.</summary>
    public void Clear()
    {
        if (_length > 0)
        {
            Console.Error.Write("\r" + new string(' ', _length) + "\r");
            _length = 0;
        }
    }
}
