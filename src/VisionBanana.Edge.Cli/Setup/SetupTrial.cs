using System.Buffers;
using System.Reactive.Linq;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Setup;

/// <summary>One picture of the camera that was picked, painted: what the page lays the floor over.</summary>
/// <param name="Description">The source in words.</param>
/// <param name="Width">Pixels per row of the painted picture.</param>
/// <param name="Height">Its rows.</param>
/// <param name="Focal">fx, fy, cx, cy of the painted pinhole in pixels.</param>
/// <param name="Color">The picture as JPEG.</param>
/// <param name="Depth">Millimetres along z, 16 bit, little endian; 0 = no measurement.</param>
internal sealed record SetupTrial(string Description, int Width, int Height, double[] Focal, byte[] Color, byte[] Depth)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Opens the camera and paints its first picture.</summary>
    /// <exception cref="VisionBananaException">It cannot be opened or gives no picture.</exception>
    public static async Task<SetupTrial> MakeAsync(CameraEntry camera, IPainter painter, CancellationToken cancellationToken)
    {
        using ICameraSource source = CameraOpener.Open(camera, NullLogger.Instance);
        var perceiver = new Perceiver(
            painter,
            new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth())),
            new PerceiveOptions { Support = camera.Mount is { } mount ? SupportPlane.Of(mount) : null });
        perceiver.RequireCalibrationFor(source.Intrinsics);
        SetupTrial? trial = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await source.Frames.Perceive(perceiver).Take(1).ForEachAsync(frame => trial = Of(frame, source.Description), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CameraException($"{source.Description} gave no picture within {Limit.TotalSeconds:0} s.");
        }

        return trial ?? throw new CameraException($"{source.Description} ended before its first picture.");
    }

    private static SetupTrial Of(PerceptionFrame frame, string description)
    {
        CameraIntrinsics pinhole = frame.Intrinsics!;
        using var images = new OpenCvImageEncoder();
        var color = new ArrayBufferWriter<byte>();
        images.EncodeJpeg(frame.ColorBytes, frame.Width, frame.Height, 85, color);
        ushort[] depth = new ushort[frame.Width * frame.Height];
        ReadOnlySpan<float> metres = frame.Find(PerceptKind.Depth)!.Depth;
        for (int i = 0; i < depth.Length; i++)
        {
            depth[i] = metres[i] is > 0 and < 65.535f ? (ushort)(metres[i] * 1000) : (ushort)0;
        }

        return new SetupTrial(
            description, frame.Width, frame.Height, [pinhole.Fx, pinhole.Fy, pinhole.Cx, pinhole.Cy], color.WrittenSpan.ToArray(),
            MemoryMarshal.AsBytes(depth.AsSpan()).ToArray());
    }
}
