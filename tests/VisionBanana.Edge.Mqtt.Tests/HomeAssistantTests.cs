using System.Text.Json;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class HomeAssistantTests
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 1, 2, 3, 0xFF, 0xD9];

    [Fact]
    public async Task Announcements_Retained_NameTheTopicsThatArePublished()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port) with { Device = "robot 1", HomeAssistant = true });
        using ExternalProcess sub = broker.Subscribe("-t", "homeassistant/#", "-F", "%r %t %p", "-C", "2");
        Assert.Equal(0, await sub.WaitAsync(Publishing.Limit));

        string sensor = Assert.Single(
            sub.Output, line => line.StartsWith("1 homeassistant/binary_sensor/vb_robot_1_front/status/config ", StringComparison.Ordinal));
        using JsonDocument status = JsonDocument.Parse(sensor[sensor.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal("vb/v1/robot 1/front/status", status.RootElement.GetProperty("state_topic").GetString());
        Assert.Equal("{{ value_json.status }}", status.RootElement.GetProperty("value_template").GetString());
        Assert.Equal(
            ("online", "offline"), (status.RootElement.GetProperty("payload_on").GetString(), status.RootElement.GetProperty("payload_off").GetString()));

        string camera = Assert.Single(sub.Output, line => line.StartsWith("1 homeassistant/camera/vb_robot_1_front/preview/config ", StringComparison.Ordinal));
        using JsonDocument preview = JsonDocument.Parse(camera[camera.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal("vb/v1/robot 1/front/preview", preview.RootElement.GetProperty("topic").GetString());
        Assert.Equal(
            status.RootElement.GetProperty("device").GetRawText(), preview.RootElement.GetProperty("device").GetRawText());
        Assert.NotEqual(status.RootElement.GetProperty("unique_id").GetString(), preview.RootElement.GetProperty("unique_id").GetString());
    }

    [Fact]
    public async Task Announcements_Zones_AreUnknownUnlessTheySayMore()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(
            Publishing.Options(broker.Port) with { HomeAssistant = true, Zones = ["stop"] });
        using ExternalProcess sub = broker.Subscribe("-t", "homeassistant/+/+/zone_stop/config", "-F", "%r %p", "-C", "1");
        Assert.Equal(0, await sub.WaitAsync(Publishing.Limit));

        using JsonDocument zone = JsonDocument.Parse(sub.Output[0][2..]);
        Assert.Equal("vb/v1/robot/front/zones/stop", zone.RootElement.GetProperty("state_topic").GetString());
        Assert.Equal("vb/v1/robot/front/status", zone.RootElement.GetProperty("availability_topic").GetString());
        Assert.Contains("'None'", zone.RootElement.GetProperty("value_template").GetString(), StringComparison.Ordinal);
        Assert.InRange(zone.RootElement.GetProperty("expire_after").GetInt32(), 2, 10);
    }

    [Fact]
    public async Task Zone_State_IsRetainedJsonThatExpires()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        var state = new WireMessage
        {
            Stream = WireTopics.OfZone("stop"),
            Schema = "",
            Encoding = "json",
            IsState = true,
            HoldsFor = TimeSpan.FromSeconds(2),
            Payload = "{\"state\":\"free\"}"u8.ToArray(),
        };
        Assert.Null(await transport.SendAsync(state, CancellationToken.None));
        using ExternalProcess now = broker.Subscribe("-t", "vb/v1/robot/front/zones/+", "-F", "%r %C %p", "-C", "1", "-W", "5");
        Assert.Equal(0, await now.WaitAsync(Publishing.Limit));
        Assert.Equal("1 application/json {\"state\":\"free\"}", Assert.Single(now.Output));

        await Task.Delay(TimeSpan.FromSeconds(4));
        using ExternalProcess later = broker.Subscribe("-t", "vb/v1/robot/front/zones/+", "-F", "%p", "-C", "1", "-W", "1");
        await later.WaitAsync(Publishing.Limit);
        Assert.Empty(later.Output);
    }

    [Fact]
    public async Task Doorway_ObjectsThatPassTheMiddle_AreCounted()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        string path = Path.Combine(Nearby.RepositoryRoot, "samples", "robots", "doorway.py");
        using ExternalProcess python = await Consumers.RunAsync(
            $"exec(open({JsonSerializer.Serialize(path)}).read())", ["paho.mqtt"], "--port", $"{broker.Port}", "--camera", "robot/front", "--passes", "2");
        Task<int> end = python.WaitAsync(Publishing.Limit);
        int[] size = [144, 192];
        for (int i = 0; !end.IsCompleted; i++)
        {
            // One walks to the right and back again, another stays.
            double at = 96 + (80 * Math.Sin(i * 0.2));
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(new
            {
                size,
                objects = Array.ConvertAll<(int Id, double Left), object>(
                    [(7, at - 10), (8, 5)], o => new { id = o.Id, @class = "person", bbox = new[] { Math.Round(o.Left), 20, 20, 80 } }),
            });
            await transport.SendAsync(
                new WireMessage { Stream = WireTopics.ObjectsStream, Schema = "", Encoding = "json", Payload = json }, CancellationToken.None);
            await Task.Delay(30);
        }

        Assert.True(await end == 0, python.Errors);
        Assert.Equal(2, python.Output.Length);
        Assert.EndsWith("1 in, 1 out", python.Output[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_OfColour_IsTheWholeFileAndNotEveryPicture()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port) with { HomeAssistant = true });
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/preview", "-F", "%r %C %x");
        using ExternalProcess color = broker.Subscribe("-t", "vb/v1/robot/front/color", "-F", "%l");
        await Publishing.UntilAsync(
            () =>
            {
                Assert.Null(transport.SendAsync(Picture(), CancellationToken.None).AsTask().GetAwaiter().GetResult());
                return sub.Output.Length >= 2;
            },
            "two previews");

        Assert.All(sub.Output, line => Assert.Equal("0 image/jpeg ffd8010203ffd9", line));
        Assert.True(color.Output.Length > 4 * sub.Output.Length, $"{color.Output.Length} pictures, {sub.Output.Length} previews");
    }

    [Fact]
    public async Task Preview_NotAsked_NotPublished()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        using ExternalProcess sub = broker.Subscribe("-t", "#", "-F", "%t", "-C", "3");
        while (sub.Output.Length < 3)
        {
            Assert.Null(await transport.SendAsync(Picture(), CancellationToken.None));
        }

        Assert.All(sub.Output, topic => Assert.True(topic is "vb/v1/robot/front/status" or "vb/v1/robot/front/color", topic));
    }

    private static WireMessage Picture() => new()
    {
        Stream = Streams.Color,
        Schema = "sensor_msgs/msg/CompressedImage",
        Encoding = ImageEncodings.Jpeg,
        Width = 4,
        Height = 4,
        DataOffset = 10,
        DataLength = Jpeg.Length,
        Payload = (byte[])[.. new byte[10], .. Jpeg, 0],
    };
}
