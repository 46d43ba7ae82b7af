using Microsoft.Extensions.Logging;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Warnings and errors go to standard error, one line each: standard output belongs to results.</summary>
internal sealed class StandardErrorLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string cause = exception is null ? "" : $" ({exception.Message})";
            Console.Error.WriteLine(Redactor.Text($"vbedge: {formatter(state, exception)}{cause}"));
        }
    }

    public void Dispose()
    {
    }
}
