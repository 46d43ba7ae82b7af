using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>Where the camera sits.</content>
public static partial class Streams
{
    /// <summary>
    /// tf2_msgs/TFMessage, state: the optical frame within the robot's when the mount is known, and the level frame of the scan where there is one. Told
    /// again when a live mount, or the level, has changed by more than 0.1° or 5 mm.
    /// </summary>
    public const string TfStatic = "tf_static";
}

/// <content>Where the camera sits.</content>
public sealed partial record StreamOptions
{
    /// <summary>Where the camera sits on its robot, published as <c>tf_static</c>, or null when nobody said.</summary>
    public CameraMount? Mount { get; init; }
}

internal sealed class TfStaticStream() : StreamKind(Streams.TfStatic, WireSchema.Of<TFMessage>(Check, Describe))
{
    public override bool IsState => true;

    internal override StreamWriter? CreateWriter(StreamOptions options, IImageEncoder images) =>
        options.Mount is null && options.Scan is null ? null : new Writer(options);

    private static MessageFacts Describe(TFMessage tree) =>
        new(tree.Transforms.IsEmpty ? new Header(default, "") : tree.Transforms[0].Header, IsState: true);

    private static string? Check(TFMessage tree, WireMessage message)
    {
        if (tree.Transforms.IsEmpty)
        {
            return "a message of transforms holds none";
        }

        foreach (TransformStamped pose in tree.Transforms)
        {
            Vector3 at = pose.Transform.Translation;
            Quaternion turn = pose.Transform.Rotation;
            double norm = Math.Sqrt((turn.X * turn.X) + (turn.Y * turn.Y) + (turn.Z * turn.Z) + (turn.W * turn.W));
            string? problem = pose.ChildFrameId.Length == 0 || pose.ChildFrameId == pose.Header.FrameId
                    ? $"the frame '{pose.ChildFrameId}' cannot hang on '{pose.Header.FrameId}'"
                : !double.IsFinite(at.X + at.Y + at.Z) ? $"the position of '{pose.ChildFrameId}' is not finite"
                : !(Math.Abs(norm - 1) < 1e-6) ? $"the rotation of '{pose.ChildFrameId}' has length {norm}, expected 1"
                : MessageChecks.Header(pose.Header, message);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private sealed class Writer(StreamOptions options) : StateWriter
    {
        /// <summary>The cosine of half of 0.1°, and metres: a mount that moves by less stands still.</summary>
        private const double SameCosine = 0.99999962, SameM = 0.005;

        private CameraMount? _mount = options.Mount;
        private string _frameId = "";
        private UnitQuaternion? _level;
        private WireMessage? _message;

        protected override WireMessage? Update(PerceptionFrame frame)
        {
            // A picture without a scan says nothing about the frame of scans.
            ObstacleScan? scan = options.Scan is null ? null : frame.Surroundings?.Scan;
            bool isNewLevel = scan is not null && scan.InOptical != _level;
            bool isNewMount = frame.Mount is { } live && !(_mount is { } told && IsSame(live, told));
            _mount = isNewMount ? frame.Mount : _mount;
            if ((_mount is not null || scan is not null) && (_message is null || isNewLevel || isNewMount || frame.FrameId != _frameId))
            {
                _level = scan?.InOptical ?? _level;
                (_message, _frameId) = (Build(frame, scan), frame.FrameId);
            }

            return _message;
        }

        private static bool IsSame(CameraMount a, CameraMount b)
        {
            (UnitQuaternion p, UnitQuaternion q) = (a.Rotation, b.Rotation);
            double cosine = Math.Abs((p.X * q.X) + (p.Y * q.Y) + (p.Z * q.Z) + (p.W * q.W));
            double off = Math.Max(Math.Abs(a.X - b.X), Math.Max(Math.Abs(a.Y - b.Y), Math.Abs(a.Z - b.Z)));
            return a.ParentFrame == b.ParentFrame && cosine >= SameCosine && off <= SameM;
        }

        /// <summary>The frame of this message is the parent: that is what its header names.</summary>
        private WireMessage Build(PerceptionFrame frame, ObstacleScan? scan)
        {
            Time stamp = HeaderOf(frame).Stamp;
            var poses = new List<TransformStamped>();
            if (_mount is not null)
            {
                poses.Add(TransformStamped.From(_mount, stamp, frame.FrameId));
            }

            if (scan is not null)
            {
                poses.Add(ScanFrame.PoseOf(scan, _mount, stamp, frame.FrameId));
            }

            return new WireMessage
            {
                Stream = Streams.TfStatic,
                Schema = TFMessage.Schema,
                IsState = true,
                SequenceNumber = frame.SequenceNumber,
                CapturedNs = frame.CapturedAt.UtcNs,
                FrameId = poses[0].Header.FrameId,
                Payload = RosMessage.Encode(new TFMessage([.. poses])),
            };
        }
    }
}
