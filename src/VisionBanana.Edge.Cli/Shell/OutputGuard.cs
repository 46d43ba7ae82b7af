using System.Text;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>
/// Standard output and standard error of a program that outlives both: on a full disk, or when the terminal is gone, what cannot be written is lost, and
/// the work goes on. That results were lost is told on standard error and by the exit code.
/// </summary>
internal sealed class OutputGuard
{
    private readonly GuardedWriter _output;

    private OutputGuard(GuardedWriter output) => _output = output;

    /// <summary>Guards both, for the whole process.</summary>
    public static OutputGuard Install()
    {
        var output = new GuardedWriter(Console.Out);
        Console.SetOut(output);
        Console.SetError(new GuardedWriter(Console.Error));
        return new OutputGuard(output);
    }

    /// <summary>The exit code of a command, which is that of a failure when its results could not be written.</summary>
    public int ExitCodeOf(int exitCode)
    {
        if (_output.Problem is not { } problem)
        {
            return exitCode;
        }

        Failure.TellOnStandardError($"standard output cannot be written, results are lost: {problem}");
        return exitCode == ExitCode.Well ? ExitCode.Failed : exitCode;
    }

    private sealed class GuardedWriter(TextWriter inner) : TextWriter
    {
        public override Encoding Encoding => inner.Encoding;

        /// <summary>Why something could not be written; null = all was.</summary>
        public string? Problem { get; private set; }

        public override void Write(char value) => Try(value, static (writer, v) => writer.Write(v));

        public override void Write(char[] buffer, int index, int count) => Try(new string(buffer, index, count), static (writer, v) => writer.Write(v));

        public override void Write(string? value) => Try(value, static (writer, v) => writer.Write(v));

        public override void WriteLine(string? value) => Try(value, static (writer, v) => writer.WriteLine(v));

        public override void Flush() => Try(0, static (writer, _) => writer.Flush());

        private void Try<T>(T value, Action<TextWriter, T> write)
        {
            try
            {
                write(inner, value);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Problem = e.Message;
            }
        }
    }
}
