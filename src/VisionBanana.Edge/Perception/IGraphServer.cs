namespace VisionBanana.Edge.Perception;

/// <summary>A server that runs the graph of a model package: tensors go in, tensors come out. One call at a time.</summary>
public interface IGraphServer : IDisposable
{
    /// <summary>The server and the model there, in one line for people.</summary>
    string Name { get; }

    /// <summary>Asks whether the server and the model are ready, and what the graph takes and gives.</summary>
    /// <exception cref="InferenceException">The server is not there, is not ready, or does not have the model.</exception>
    ServedGraph Describe();

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">Every input of the graph.</param>
    /// <param name="outputs">The outputs that are wanted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The outputs in the order asked for.</returns>
    /// <exception cref="InferenceException">The server did not answer in time, refused, or answered with something else.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    IReadOnlyList<GraphValue> Run(IReadOnlyList<GraphValue> inputs, IReadOnlyList<string> outputs, CancellationToken cancellationToken);
}
