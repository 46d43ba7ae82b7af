using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Operators;

/// <summary>Makes a new picture of each one, in pooled memory; stamps, sequence numbers and the matching intrinsics travel along.</summary>
internal sealed class PictureTransform(
    IObservable<CameraFrame> pictures, int width, int height, IFlowCounter? counter, Func<CameraIntrinsics, CameraIntrinsics> calibrate,
    Action<Mat, Mat> transform)
    : IObservable<CameraFrame>
{
    private const int PoolCapacity = 8;

    private readonly int _width = width, _height = height;
    private readonly IFlowCounter? _counter = counter;
    private readonly Func<CameraIntrinsics, CameraIntrinsics> _calibrate = calibrate;
    private readonly Action<Mat, Mat> _transform = transform;

    public IDisposable Subscribe(IObserver<CameraFrame> observer) => pictures.Subscribe(new Subscription(this, observer));

    private sealed class Subscription(PictureTransform owner, IObserver<CameraFrame> observer) : IObserver<CameraFrame>
    {
        private LeasePool<CameraFrame>? _pool;
        private CameraIntrinsics? _source, _target;
        private bool _failed;

        public void OnNext(CameraFrame value)
        {
            if (_failed || TryTransform(value) is not { } result)
            {
                return;
            }

            using (result)
            {
                observer.OnNext(result);
            }
        }

        public void OnError(Exception error)
        {
            if (!_failed)
            {
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (!_failed)
            {
                observer.OnCompleted();
            }
        }

        private CameraFrame? TryTransform(CameraFrame picture)
        {
            try
            {
                if (!ReferenceEquals(picture.Intrinsics, _source))
                {
                    _source = picture.Intrinsics;
                    _target = _source is null ? null : owner._calibrate(_source);
                }

                _pool ??= CameraFrame.CreatePool(PoolCapacity, owner._width, owner._height, picture.Format);
                if (!_pool.TryRent(out CameraFrame? result))
                {
                    owner._counter?.Dropped(DropReason.PoolExhausted);
                    return null;
                }

                Fill(picture, result);
                return result;
            }
            catch (Exception e) when (e is ArgumentException or OpenCVException)
            {
                _failed = true;
                owner._counter?.Dropped(DropReason.Unreadable);
                observer.OnError(e);
                return null;
            }
        }

        private unsafe void Fill(CameraFrame picture, CameraFrame result)
        {
            fixed (byte* from = picture.Pixels, to = result.Pixels)
            {
                using var source = Mat.FromPixelData(picture.Height, picture.Width, MatType.CV_8UC3, (nint)from);
                using var target = Mat.FromPixelData(result.Height, result.Width, MatType.CV_8UC3, (nint)to);
                owner._transform(source, target);
            }

            result.CapturedAt = picture.CapturedAt;
            result.SequenceNumber = picture.SequenceNumber;
            result.FrameId = picture.FrameId;
            result.Intrinsics = _target;
            result.Support = picture.Support;
        }
    }
}
