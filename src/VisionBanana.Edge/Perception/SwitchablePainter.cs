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

    private readonly Lock _turn = new();
    private volatile IPainter _current;
    private IPainter? _before;
    private int _succeeded;
    private bool _isDisposed;

    /// <summary>Begins with a painter, which becomes this object's.</summary>
    public SwitchablePainter(IPainter painter)
    {
        ArgumentNullException.ThrowIfNull(painter);
        _current = painter;
    }

    /// <summary>Raised on the thread that paints: with null when a new painter has proved itself, else with why the one before is back.</summary>
    public event Action<string?>? Settled;

    /// <summary>That of the painter that paints now.</summary>
    public PainterDescription Description => _current.Description;

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
    /// Waits until the picture that is being painted is done; the next one is painted by <paramref name="next"/>, which becomes this object's.
    /// </summary>
    /// <exception cref="ArgumentException">It cannot take the place, see <see cref="WhyNotReplaceBy"/>; it stays the caller's.</exception>
    /// <exception cref="ObjectDisposedException">This was disposed; it stays the caller's.</exception>
    public void Replace(IPainter next)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (WhyNotReplaceBy(next.Description) is { } reason)
            {
                throw new ArgumentException(reason, nameof(next));
            }

            _before?.Dispose();
            (_before, _current, _succeeded) = (_current, next, 0);
        }
    }

    /// <inheritdoc/>
    public string? WhyNot(Instruction instruction) => _current.WhyNot(instruction);

    /// <inheritdoc/>
    public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        string? failure = null;
        lock (_turn)
        {
            try
            {
                _current.Paint(frame, instructions, cancellationToken);
                if (_before is null || ++_succeeded < Probation)
                {
                    return;
                }

                _before.Dispose();
                _before = null;
            }
            catch (InferenceException e) when (_before is not null)
            {
                failure = e.Message;
                _current.Dispose();
                (_current, _before) = (_before, null);
                frame.ForgetPercepts();
                _current.Paint(frame, instructions, cancellationToken);
            }
        }

        Settled?.Invoke(failure);
    }

    /// <summary>Disposes the painter that runs, and the one before.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            _isDisposed = true;
            _before?.Dispose();
            _before = null;
            _current.Dispose();
        }
    }
}
