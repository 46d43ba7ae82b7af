namespace VisionBanana.Edge.Pipeline;

/// <summary>A transport that also brings commands from outside and tells <see cref="ICommandHandler.State"/>.</summary>
public interface ICommandTransport
{
    /// <summary>Says who carries commands out; called once, before the transport is started.</summary>
    void Attach(ICommandHandler handler);
}
