using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Scale;
using VisionBanana.Edge.Sensors;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>What a pipeline file says about the robot around the camera: its live mount and what fixes the scale, with the links that bring readings.</summary>
internal sealed class RobotSensors
{
    private readonly PipelineFile _file;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _clock;
    private readonly List<ISensorLink> _links = [];

    private RobotSensors(PipelineFile file, ILoggerFactory loggers, TimeProvider clock) => (_file, _loggers, _clock) = (file, loggers, clock);

    /// <summary>Where the camera is while it runs; null = nobody says.</summary>
    public MountFeed? Mount { get; private set; }

    /// <summary>How the scale is estimated; null = it is not.</summary>
    public ScaleOptions? Scale { get; private set; }

    /// <summary>The model with which the factor of the camera's own file was found; null = no such factor is in force.</summary>
    public string? FactorModel { get; private set; }

    /// <summary>What brings readings.</summary>
    public IReadOnlyList<ISensorLink> Links => _links;

    /// <summary>Puts them together; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">Something cannot work.</exception>
    public static RobotSensors Of(PipelineFile file, PainterDescription painter, ILoggerFactory loggers, TimeProvider clock)
    {
        var sensors = new RobotSensors(file, loggers, clock);
        sensors.ReadMount();
        sensors.ReadScale($"{painter.Name} {painter.Version}");
        return sensors;
    }

    private void ReadMount()
    {
        IReadOnlyList<LiveMountEntry> entries = _file.Camera.LiveMount;
        if (entries.Count == 0)
        {
            return;
        }

        // The file's mount is that of the turned pictures already; sensors sit where the camera does.
        int turns = _file.Camera.Source.QuarterTurns;
        CameraMount? mount = _file.Camera.Mount?.Turned(-turns);
        Mount = new MountFeed(
            new MountFeedOptions
            {
                Mount = mount,
                QuarterTurns = turns,
                ImuRotation = entries.FirstOrDefault(e => e.Kind == LiveMountKind.Imu)?.ImuRotation ?? UnitQuaternion.Identity,
                MaxAge = entries.Select(e => e.MaxAge).Max() ?? new MountFeedOptions().MaxAge,
            },
            _clock);
        foreach (LiveMountEntry entry in entries)
        {
            MountFeed feed = Mount;
            SensorInput input = entry.Kind switch
            {
                LiveMountKind.Imu => new ImuInput(feed),
                LiveMountKind.Pose => new PoseInput(feed, entry.Frame, entry.IsOptical, entry.FloorZ),
                _ => new HeightInput(feed),
            };
            _links.Add(entry.Sensor.Mavlink is { } local ? new MavlinkRange(local, feed) : Heard(entry.Sensor, input));
        }
    }

    private void ReadScale(string model)
    {
        string? calibration = _file.Camera.Calibration;
        CameraScaleFile? found = _file.Scale?.UsesCameraFile ?? true ? CameraScaleFile.Find(calibration) : null;
        if (_file.Scale is null && found is null)
        {
            return;
        }

        List<ScaleAnchor> anchors = [];
        foreach (AnchorEntry entry in _file.Scale?.Anchors ?? [])
        {
            (ScaleAnchor anchor, SensorInput? input, RangeFeed? range) = entry.Create(_clock);
            anchors.Add(anchor);
            if (entry.Sensor is { Mavlink: { } local, Orientation: var orientation })
            {
                _links.Add(new MavlinkRange(local, range!, orientation));
            }
            else if (entry.Sensor is { } sensor)
            {
                _links.Add(Heard(sensor, input!));
            }
        }

        if (found is not null && !anchors.OfType<FixedAnchor>().Any())
        {
            anchors.Add(found.For(model, calibration!));
            FactorModel = found.Model;
        }

        Scale = (_file.Scale?.Options ?? new ScaleOptions()) with { Anchors = anchors };
    }

    private HeardSensor Heard(SensorEntry sensor, SensorInput input) => new(ListenerOf(sensor), sensor.Topic!, input);

    private IMessageListener ListenerOf(SensorEntry sensor)
    {
        if (sensor.ZeroMq is { } endpoint)
        {
            return new ZeroMqListener(
                new ZeroMqListenerOptions { Endpoint = endpoint, TopicPrefix = sensor.Topic!, CurveServerKey = sensor.CurveServerKey },
                _clock, _loggers.CreateLogger<ZeroMqListener>());
        }

        MqttOptions options = _file.Mqtt!.Transport;
        options = options with
        {
            ClientId = null,
            Require = false,
            User = sensor.User ?? options.User,
            PasswordVariable = sensor.PasswordVariable ?? options.PasswordVariable,
        };
        return new MqttListener(options, sensor.Topic, _loggers.CreateLogger<MqttListener>(), _clock);
    }
}
