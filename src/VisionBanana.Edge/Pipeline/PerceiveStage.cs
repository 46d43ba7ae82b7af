using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What one stage makes of a borrowed lease: a lease with one reference, or the reason why there is none.</summary>
internal delegate DropReason? Perceiving<in TIn, TOut>(TIn value, out TOut? result);

/// <summary>
/// One stage of perceiving. Results are lent to the observer and taken back when it returns.
/// Not Observable.Create: its observer unsubscribes when the one downstream throws, which would end a live stream for one bad picture.
/// </summary>
internal sealed class PerceiveStage<TIn, TOut>(IObservable<TIn> source, Perceiving<TIn, TOut> stage, IFlowCounter? counter, ILogger logger) : IObservable<TOut>
    where TOut : Lease
{
    public IDisposable Subscribe(IObserver<TOut> observer) => source.Subscribe(new Observer(observer, stage, counter, logger));

    private sealed class Observer(IObserver<TOut> observer, Perceiving<TIn, TOut> stage, IFlowCounter? counter, ILogger logger) : IObserver<TIn>
    {
        private bool _ended;

        public void OnNext(TIn value)
        {
            if (TryPerceive(value) is { } result)
            {
                try
                {
                    observer.OnNext(result);
                }
                finally
                {
                    ThrowingObserver.TakeBack(result, logger);
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

        private TOut? TryPerceive(TIn value)
        {
            if (_ended)
            {
                counter?.Dropped(DropReason.Stopped);
                return null;
            }

            try
            {
                if (stage(value, out TOut? result) is { } reason)
                {
                    counter?.Dropped(reason);
                }

                return result;
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
