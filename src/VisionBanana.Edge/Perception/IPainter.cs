using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// A model that answers instructions with paintings. One call at a time: the pipeline serialises its painter.
/// </summary>
public interface IPainter : IDisposable
{
    /// <summary>What the painter is and what it needs.</summary>
    PainterDescription Description { get; }

    /// <summary>
    /// Paints the answers to <paramref name="instructions"/> for <see cref="PerceptionFrame.Color"/>, which has the painter's input size.
    /// For each instruction it calls <see cref="PerceptionFrame.Add"/> and fills <see cref="Percept.Painting"/>
    /// (or the decoded plane, then <see cref="Percept.PainterGaveValues"/> is set), and may fill <see cref="Percept.Confidence"/>.
    /// Depth is metric for <see cref="PerceptionFrame.Intrinsics"/>. A painter may use <see cref="PerceptionFrame.Support"/>. Nothing is allocated once warm.
    /// </summary>
    /// <param name="frame">The rectified picture; gets the answers.</param>
    /// <param name="instructions">What is asked, at least one.</param>
    /// <param name="cancellationToken">The run is being stopped: a painter that takes long gives up.</param>
    /// <exception cref="InferenceException">The engine failed on this picture.</exception>
    /// <exception cref="OperationCanceledException">It gave up.</exception>
    void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default);

    /// <summary>Says why an instruction cannot be answered by this painter, or null when it can.</summary>
    string? WhyNot(Instruction instruction);
}
