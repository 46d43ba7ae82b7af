using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>Pictures in memory, as ros2_benchmark loads its recording before it plays it: what reads them is not measured.</summary>
internal sealed class Album
{
    private const int MaxPictures = 60;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    private Album(ICameraSource source, string frameId, List<byte[]> pictures)
    {
        Width = source.Width;
        Height = source.Height;
        Format = source.Format;
        Intrinsics = source.Intrinsics;
        FrameId = frameId;
        Pictures = pictures;
        Description = $"{source.Description}, {pictures.Count} pictures of {Width}×{Height} in turn";
    }

    public int Width { get; }

    public int Height { get; }

    public PixelFormat Format { get; }

    public CameraIntrinsics? Intrinsics { get; }

    public string FrameId { get; }

    public IReadOnlyList<byte[]> Pictures { get; }

    public string Description { get; }

    /// <summary>Takes the first pictures of a camera.</summary>
    /// <exception cref="VisionBananaException">It cannot be opened or gives none.</exception>
    public static async Task<Album> LoadAsync(CameraEntry camera, Microsoft.Extensions.Logging.ILogger logger, CancellationToken cancellationToken)
    {
        var entry = camera with { Source = camera.Source with { Options = camera.Source.Options with { Pace = Pace.None, Loop = false } } };
        using ICameraSource source = CameraOpener.Open(entry, logger);
        try
        {
            var pictures = new List<byte[]>();
            var taker = new Taker(pictures);
            using (source.Frames.StopAfter(MaxPictures).Subscribe(taker))
            {
                await taker.Completion.WaitAsync(LongestWait, cancellationToken).ConfigureAwait(false);
            }

            return pictures.Count > 0
                ? new Album(source, camera.FrameId, pictures)
                : throw new CameraException(
                    $"{Redactor.Address(camera.Source.Address)} gave no picture to measure with: give a video, an image or a folder of images.");
        }
        catch (TimeoutException)
        {
            throw new CameraException(
                $"{Redactor.Address(camera.Source.Address)} gave fewer than {MaxPictures} pictures in {LongestWait.TotalSeconds} "
                    + $"s ({source.State}): give a video, an image or a folder of images.");
        }
    }

    private sealed class Taker(List<byte[]> pictures) : IObserver<CameraFrame>
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Completion => _completion.Task;

        public void OnNext(CameraFrame value) => pictures.Add(value.Pixels.ToArray());

        public void OnError(Exception error) => _completion.TrySetException(error);

        public void OnCompleted() => _completion.TrySetResult();
    }
}
