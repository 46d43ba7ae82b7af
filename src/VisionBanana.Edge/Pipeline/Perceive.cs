using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Pipeline;

/// <summary>The operator that paints and decodes.</summary>
public static class PerceiveOperator
{
    /// <summary>
    /// Answers the instructions for every picture, with a cloud where depth is asked.
    /// Results are lent to the observer and taken back when it returns.
    /// </summary>
    /// <exception cref="ConfigurationException">The painter cannot answer one of the instructions.</exception>
    public static IObservable<PerceptionFrame> Perceive(
        this IObservable<CameraFrame> pictures, IPainter painter, params IEnumerable<Instruction> instructions)
    {
        var schedule = new InstructionSchedule(instructions.Select(i => new ScheduledInstruction(i)));
        return pictures.Perceive(new Perceiver(painter, schedule, new PerceiveOptions { Cloud = new CloudOptions() }));
    }

    /// <summary>Answers what the schedule of a perceiver asks.</summary>
    /// <param name="pictures">Borrowed.</param>
    /// <param name="perceiver">Serves one subscription at a time.</param>
    /// <param name="counter">Learns of pictures without a result; null = nobody counts.</param>
    public static IObservable<PerceptionFrame> Perceive(
        this IObservable<CameraFrame> pictures, Perceiver perceiver, IFlowCounter? counter = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(perceiver);
        return new PerceiveObservable(pictures, perceiver, counter);
    }

    // Not Observable.Create: its observer unsubscribes when the one downstream throws, which would end a live stream for one bad picture.
    private sealed class PerceiveObservable(IObservable<CameraFrame> pictures, Perceiver perceiver, IFlowCounter? counter) : IObservable<PerceptionFrame>
    {
        public IDisposable Subscribe(IObserver<PerceptionFrame> observer) => pictures.Subscribe(new PictureObserver(observer, perceiver, counter));
    }

    private sealed class PictureObserver(IObserver<PerceptionFrame> observer, Perceiver perceiver, IFlowCounter? counter) : IObserver<CameraFrame>
    {
        private bool _ended;

        public void OnNext(CameraFrame picture)
        {
            if (TryPerceive(picture) is { } frame)
            {
                using (frame)
                {
                    observer.OnNext(frame);
                }
            }
        }

        public void OnError(Exception error)
        {
            if (!_ended)
            {
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (!_ended)
            {
                observer.OnCompleted();
            }
        }

        private PerceptionFrame? TryPerceive(CameraFrame picture)
        {
            if (_ended)
            {
                counter?.Dropped(DropReason.Stopped);
                return null;
            }

            try
            {
                if (perceiver.Perceive(picture, out PerceptionFrame? frame) is { } reason)
                {
                    counter?.Dropped(reason);
                }

                return frame;
            }
            catch (VisionBananaException e)
            {
                // The model or the calibration is gone for good: this picture and all that follow have no result.
                _ended = true;
                counter?.Dropped(DropReason.InferenceFailed);
                observer.OnError(e);
                return null;
            }
        }
    }
}
