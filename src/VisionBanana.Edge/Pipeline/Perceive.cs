using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>The operator that paints and decodes.</summary>
public static class PerceiveOperator
{
    /// <summary>The most pictures that <see cref="PerceiveOverlapped"/> has in work: one in each of three stages and one waiting before two of them.</summary>
    public const int PicturesInWork = 5;

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

    /// <summary>Answers what the schedule of a perceiver asks, one picture after the other on the thread that brings them.</summary>
    /// <param name="pictures">Borrowed.</param>
    /// <param name="perceiver">Serves one subscription at a time.</param>
    /// <param name="counter">Learns of pictures without a result; null = nobody counts.</param>
    /// <param name="logger">Told of observers that disposed a frame that was lent to them.</param>
    public static IObservable<PerceptionFrame> Perceive(
        this IObservable<CameraFrame> pictures, Perceiver perceiver, IFlowCounter? counter = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(perceiver);
        return new PerceiveStage<CameraFrame, PerceptionFrame>(pictures, perceiver.Perceive, counter, logger ?? NullLogger.Instance);
    }

    /// <summary>
    /// As <see cref="Perceive(IObservable{CameraFrame}, Perceiver, IFlowCounter?, ILogger?)"/>, but picture n + 1 is rectified and picture n − 1 decoded,
    /// lifted to 3D and delivered while picture n is painted: the painter never waits for the processor's other work. In order, with one picture
    /// waiting before the painter and one behind it, on two threads beside the one that brings the pictures.
    /// </summary>
    /// <param name="pictures">Borrowed; retained where percepts are given in the source picture.</param>
    /// <param name="perceiver">Serves one subscription at a time; its pool holds at least <see cref="PicturesInWork"/>.</param>
    /// <param name="keepLatest">
    /// What happens to a rectified picture that waits for the painter when the next one is ready. True: it is dropped as
    /// <see cref="DropReason.Superseded"/>, for live cameras. False: the next one waits, for files.
    /// </param>
    /// <param name="counter">Learns of pictures without a result; null = nobody counts.</param>
    /// <param name="logger">Told of observers that threw.</param>
    /// <exception cref="ArgumentException">The perceiver's pool is too small.</exception>
    public static IObservable<PerceptionFrame> PerceiveOverlapped(
        this IObservable<CameraFrame> pictures, Perceiver perceiver, bool keepLatest, IFlowCounter? counter = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(perceiver);
        if (perceiver.PoolCapacity < PicturesInWork)
        {
            throw new ArgumentException(
                $"Expected {nameof(PerceiveOptions)}.{nameof(PerceiveOptions.PoolCapacity)} of at least {PicturesInWork}: so many pictures are in work at "
                    + $"once; found {perceiver.PoolCapacity}.",
                nameof(perceiver));
        }

        logger ??= NullLogger.Instance;
        var prepared = new PerceiveStage<CameraFrame, PictureInWork>(pictures, perceiver.Prepare, counter, logger);
        var toPaint = new LeaseQueue<PictureInWork>(prepared, 1, keepLatest ? WhenFull.DropOldest : WhenFull.Wait, counter, logger);
        var painted = new PerceiveStage<PictureInWork, PictureInWork>(toPaint, perceiver.Paint, counter, logger);
        var toFinish = new LeaseQueue<PictureInWork>(painted, 1, WhenFull.Wait, counter, logger);
        return new PerceiveStage<PictureInWork, PerceptionFrame>(toFinish, perceiver.Finish, counter, logger);
    }
}
