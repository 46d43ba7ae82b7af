using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// A painter that is replaced by another between two pictures, without losing one. The one before stays until the new one has painted
/// <see cref="Probation"/> pictures: where the new one fails, the same picture is painted by the one before, which stays.
/// </summary>
public sealed class SwitchablePainter : IPainter
{
    /// <summary>So many pictures must succeed before the painter before is given up.</summary>
    public const int Probation = 10;

    /// <summary>How long disposing waits for a painting, and how often who waits for one looks whether this was disposed.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1), StopCheck = TimeSpan.FromMilliseconds(50);

    private readonly Lock _turn = new();
    private volatile Painters _painters;
    private volatile bool _isDisposed;
    private bool _isReleased;
    private int _succeeded;

    /// <summary>Begins with a painter, which becomes this object's.</summary>
    public SwitchablePainter(IPainter painter)
    {
        ArgumentNullException.ThrowIfNull(painter);
        _painters = new Painters(painter, null);
    }

    /// <summary>Raised on the thread that paints: with null when a new painter has proved itself, else with why the one before is back.</summary>
    public event Action<string?>? Settled;

    /// <summary>That of the painter that paints now.</summary>
    public PainterDescription Description => _painters.Current.Description;

    /// <summary>That of the painter that is gone back to where the one that paints now fails; the same one when it has proved itself.</summary>
    public PainterDescription Proven => (_painters.Before ?? _painters.Current).Description;

    /// <summary>
    /// Says why a painter cannot take the place of the one that runs, or null when it can: pictures, their rectification and the classes of what is
    /// asked stay as they are.
    /// </summary>
    public string? WhyNotReplaceBy(PainterDescription next)
    {
        ArgumentNullException.ThrowIfNull(next);
        PainterDescription now = Description;
        return (next.Width, next.Height) != (now.Width, now.Height)
                ? $"it takes pictures of {next.Width}×{next.Height}, the one that runs {now.Width}×{now.Height}"
            : next.HorizontalFovDegrees != now.HorizontalFovDegrees || next.Fit != now.Fit
                ? FormattableString.Invariant(
                    $"it sees {next.HorizontalFovDegrees:0.#}° ({next.Fit}), the one that runs {now.HorizontalFovDegrees:0.#}° ({now.Fit})")
            : !next.Classes.Equals(now.Classes) ? "its classes are others than those of the one that runs"
            : null;
    }

    /// <summary>
    /// Waits until the picture that is being painted is done; the next one is painted by <paramref name="next"/>, which becomes this object's. One that
    /// has not proved itself yet is given up for it: the painter to go back to stays the one that has.
    /// </summary>
    /// <param name="next">The new painter.</param>
    /// <param name="whyNot">Asked between two pictures, just before the switch: why it cannot be made, or null; null = nothing is asked.</param>
    /// <param name="cancellationToken">Ends waiting for the picture.</param>
    /// <exception cref="ArgumentException">
    /// It cannot take the place, see <see cref="WhyNotReplaceBy"/> and <paramref name="whyNot"/>; it stays the caller's.
    /// </exception>
    /// <exception cref="ObjectDisposedException">This was disposed; it stays the caller's.</exception>
    /// <exception cref="OperationCanceledException">Waiting was ended; it stays the caller's.</exception>
    public void Replace(IPainter next, Func<string?>? whyNot = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(next);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
        }
        while (!_turn.TryEnter(StopCheck));

        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if ((WhyNotReplaceBy(next.Description) ?? whyNot?.Invoke()) is { } reason)
            {
                throw new ArgumentException(reason, nameof(next));
            }

            Painters now = _painters;
            (_painters, _succeeded) = (new Painters(next, now.Before ?? now.Current), 0);
            if (now.Before is not null)
            {
                now.Current.Dispose();
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Says why an instruction cannot be answered, or null when the painter that paints now and the one before it both can.</summary>
    public string? WhyNot(Instruction instruction)
    {
        Painters now = _painters;
        return now.Current.WhyNot(instruction) ?? now.Before?.WhyNot(instruction);
    }

    /// <inheritdoc/>
    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        bool isSettled = false;
        string? failure = null;
        try
        {
            _turn.Enter();
            try
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                (isSettled, failure) = TryPaint(frame, instructions, cancellationToken);
                if (failure is not null)
                {
                    frame.ForgetPercepts();
                    _painters.Current.Paint(frame, instructions, cancellationToken);
                }
            }
            finally
            {
                Leave();
            }
        }
        finally
        {
            // Also when the one before fails on that picture too.
            if (isSettled)
            {
                Settled?.Invoke(failure);
            }
        }
    }

    /// <summary>
    /// Disposes the painter that runs, and the one before. A painting that takes longer than a second is not waited for: its thread disposes them when
    /// it ends.
    /// </summary>
    public void Dispose()
    {
        _isDisposed = true;
        if (_turn.TryEnter(StopLimit))
        {
            Leave();
        }
    }

    /// <summary>Whether it was decided which painter stays; where the new one failed, why, and the one before is back.</summary>
    private (bool IsSettled, string? Failure) TryPaint(
        PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken)
    {
        Painters now = _painters;
        try
        {
            now.Current.Paint(frame, instructions, cancellationToken);
        }
        catch (InferenceException e) when (now.Before is not null && !_isDisposed)
        {
            _painters = new Painters(now.Before, null);
            now.Current.Dispose();
            return (true, e.Message);
        }

        if (now.Before is null || ++_succeeded < Probation)
        {
            return (false, null);
        }

        _painters = now with { Before = null };
        now.Before.Dispose();
        return (true, null);
    }

    /// <summary>Ends a turn; the painters too when this was disposed meanwhile.</summary>
    private void Leave()
    {
        try
        {
            if (_isDisposed && !_isReleased)
            {
                _isReleased = true;
                _painters.Before?.Dispose();
                _painters.Current.Dispose();
            }
        }
        finally
        {
            _turn.Exit();
        }
    }

    /// <summary>Both at one moment, for those who ask without a turn.</summary>
    private sealed record Painters(IPainter Current, IPainter? Before);
}
