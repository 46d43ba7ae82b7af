using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

/// <summary>Remembers what a source published; waits for it with a generous limit that only a broken source reaches.</summary>
internal sealed class Recorder(Action<CameraFrame>? onNext = null) : IObserver<CameraFrame>
{
    private readonly object _gate = new();
    private readonly List<(long Sequence, CaptureTime At, int Mean)> _pictures = [];
    private bool _ended;

    public Exception? Error { get; private set; }

    public bool Ended
    {
        get
        {
            lock (_gate)
            {
                return _ended;
            }
        }
    }

    public (long Sequence, CaptureTime At, int Mean)[] Pictures
    {
        get
        {
            lock (_gate)
            {
                return [.. _pictures];
            }
        }
    }

    public void OnNext(CameraFrame value)
    {
        long sum = 0;
        int count = 0;
        for (int i = 0; i < value.Pixels.Length; i += 31, count++)
        {
            sum += value.Pixels[i];
        }

        onNext?.Invoke(value);
        lock (_gate)
        {
            _pictures.Add((value.SequenceNumber, value.CapturedAt, (int)(sum / count)));
            Monitor.PulseAll(_gate);
        }
    }

    public void OnCompleted() => End(null);

    public void OnError(Exception error) => End(error);

    public void WaitFor(int pictures) => WaitUntil(() => _pictures.Count >= pictures || _ended, $"{pictures} pictures");

    public void WaitForEnd() => WaitUntil(() => _ended, "the end");

    private void WaitUntil(Func<bool> reached, string what)
    {
        lock (_gate)
        {
            long limit = Environment.TickCount64 + 30_000;
            while (!reached())
            {
                Assert.True(Environment.TickCount64 < limit, $"waited 30 s for {what}; {_pictures.Count} pictures came");
                Monitor.Wait(_gate, 100);
            }
        }
    }

    private void End(Exception? error)
    {
        lock (_gate)
        {
            _ended = true;
            Error = error;
            Monitor.PulseAll(_gate);
        }
    }
}
