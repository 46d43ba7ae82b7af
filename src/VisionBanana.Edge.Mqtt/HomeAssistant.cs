using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// What Home Assistant needs to show a camera by itself: two retained announcements (MQTT discovery: a connectivity sensor from
/// <c>…/status</c>, a camera from <c>…/preview</c>) and the plain JPEG file, because it cannot read the message around it.
/// </summary>
internal sealed class HomeAssistant
{
    private const string Prefix = "homeassistant";

    private static readonly TimeSpan PreviewInterval = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly string _previewTopic;
    private long? _lastPreview;

    public HomeAssistant(MqttOptions options, TimeProvider? clock)
    {
        _clock = clock ?? TimeProvider.System;
        _previewTopic = options.Address.TopicOf(WireTopics.PreviewStream);
        string id = IdOf(options.Address);
        string status = options.Address.TopicOf(WireTopics.StatusStream);
        var device = new Dictionary<string, object>
        {
            ["identifiers"] = new[] { id },
            ["name"] = $"{options.Device} {options.Camera}",
            ["manufacturer"] = "VisionBanana.Edge",
        };
        Announcements =
        [
            Announcement($"{Prefix}/binary_sensor/{id}/status/config", new()
            {
                ["name"] = "Status",
                ["unique_id"] = $"{id}_status",
                ["device_class"] = "connectivity",
                ["state_topic"] = status,
                ["value_template"] = "{{ value_json.status }}",
                ["payload_on"] = "online",
                ["payload_off"] = "offline",
                ["device"] = device,
            }),
            Announcement($"{Prefix}/camera/{id}/preview/config", new()
            {
                ["name"] = "Preview",
                ["unique_id"] = $"{id}_preview",
                ["topic"] = _previewTopic,
                ["availability_topic"] = status,
                ["availability_template"] = "{{ value_json.status }}",
                ["device"] = device,
            }),
        ];
    }

    /// <summary>Retained; published on every connection.</summary>
    public ImmutableArray<MqttApplicationMessage> Announcements { get; }

    /// <summary>The picture of a colour message as a file when it is time for one, otherwise null. The payload is not copied.</summary>
    public MqttApplicationMessage? PreviewOf(WireMessage message)
    {
        if (message.Stream != Streams.Color || message.Encoding != ImageEncodings.Jpeg)
        {
            return null;
        }

        long now = _clock.GetTimestamp();
        if (_lastPreview is { } last && _clock.GetElapsedTime(last, now) < PreviewInterval)
        {
            return null;
        }

        _lastPreview = now;
        return new MqttApplicationMessage
        {
            Topic = _previewTopic,
            ContentType = "image/jpeg",
            UserProperties = [],
            Payload = new ReadOnlySequence<byte>(message.Payload.Slice(message.DataOffset, message.DataLength)),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        };
    }

    /// <summary>The topic filter of all announcements, from this program and from others.</summary>
    public const string FilterOfAll = Prefix + "/+/+/#";

    /// <summary>The topic filter of all announcements of a camera.</summary>
    public static string FilterOf(CameraAddress camera) => $"{Prefix}/+/{IdOf(camera)}/#";

    private static string IdOf(CameraAddress camera) => $"vb_{IdOf(camera.Device)}_{IdOf(camera.Camera)}";

    /// <summary>Discovery topics take letters, digits, - and _ only.</summary>
    private static string IdOf(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));

    private static MqttApplicationMessage Announcement(string topic, Dictionary<string, object> entity) => new()
    {
        Topic = topic,
        ContentType = "application/json",
        Payload = new ReadOnlySequence<byte>(JsonSerializer.SerializeToUtf8Bytes(entity)),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = true,
    };
}
