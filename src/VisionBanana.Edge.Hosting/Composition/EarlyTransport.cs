using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>
/// A transport that may be opened before its pipeline exists, to tell why there are no pictures yet. The pipeline opens it as any other;
/// until then commands are answered with the reason.
/// </summary>
internal sealed class EarlyTransport(IMessageTransport inner, Func<Task> beforePipeline) : IMessageTransport, ICommandTransport
{
    private readonly LateHandler _commands = new();
    private Task? _started;

    public string Name => inner.Name;

    public string State => inner.State;

    /// <summary>Opens it now.</summary>
    public Task StartEarlyAsync(CancellationToken cancellationToken)
    {
        (inner as ICommandTransport)?.Attach(_commands);
        return _started = inner.StartAsync(cancellationToken);
    }

    public void Attach(ICommandHandler handler)
    {
        if (_started is null)
        {
            (inner as ICommandTransport)?.Attach(handler);
        }
        else
        {
            _commands.Give(handler);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await beforePipeline().ConfigureAwait(false);
        await (_started ?? inner.StartAsync(cancellationToken)).ConfigureAwait(false);
    }

    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) => inner.SendAsync(message, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Stands for the pipeline until there is one.</summary>
    private sealed class LateHandler : ICommandHandler
    {
        private volatile ICommandHandler? _pipeline;

        public event EventHandler? StateChanged;

        public PipelineState State => _pipeline?.State ?? new PipelineState(true, []);

        public string? Execute(PipelineCommand command) =>
            _pipeline is { } pipeline ? pipeline.Execute(command) : "the model's engine is being built: ask again when the diagnostics no longer say "
                + "BuildingEngine";

        public void Give(ICommandHandler pipeline)
        {
            pipeline.StateChanged += (sender, e) => StateChanged?.Invoke(sender, e);
            _pipeline = pipeline;
            StateChanged?.Invoke(this, EventArgs.Empty);
        }
    }
}
