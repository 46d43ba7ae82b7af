using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>The rights that samples/mqtt/acl gives, at a real Mosquitto.</summary>
public sealed class MosquittoAclTests
{
    [Fact]
    public async Task Acl_OfTheSamples_GivesEachWhatItNeedsAndNoMore()
    {
        string? passwd = ExternalProcess.Find("mosquitto_passwd");
        Assert.SkipWhen(passwd is null, "mosquitto_passwd is not installed");
        string users = Path.GetTempFileName();
        try
        {
            foreach (string user in (string[])["robot", "viewer", "operator"])
            {
                Assert.True(await ExternalProcess.SucceedsAsync(passwd, "-b", users, user, "secret"));
            }

            string acl = Path.Combine(Nearby.RepositoryRoot, "samples", "mqtt", "acl");
            await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous false", $"password_file {users}", $"acl_file {acl}");
            Environment.SetEnvironmentVariable("VB_TEST_ACL", "secret");
            var pipeline = new RecordingHandler();
            await using var robot = new MqttTransport(
                Publishing.Options(broker.Port) with { User = "robot", PasswordVariable = "VB_TEST_ACL", HomeAssistant = true });
            robot.Attach(pipeline);
            await robot.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
            Assert.All(await Publishing.SendAsync(robot, new SampleFrames(), 1), r => Assert.Null(r.Value));
            Assert.EndsWith("(connected)", robot.State, StringComparison.Ordinal);

            using IMqttClient viewer = await ConnectAsync(broker.Port, "viewer"), steer = await ConnectAsync(broker.Port, "operator");
            Assert.False(await MayWriteAsync(viewer, "vb/v1/robot/front/command"));
            Assert.False(await MayWriteAsync(viewer, "vb/v1/robot/front/depth"));
            Assert.False(await MayWriteAsync(steer, "vb/v1/robot/front/status"));
            Assert.False(await MayWriteAsync(steer, "homeassistant/camera/vb_robot_front/preview/config"));
            Assert.True(await MayWriteAsync(steer, "vb/v1/robot/front/command"));
            await Publishing.UntilAsync(() => !pipeline.Commands.IsEmpty, "the command reaches the robot");
        }
        finally
        {
            File.Delete(users);
        }
    }

    [Fact]
    public async Task Acl_OfAFleet_GivesEachWhatItNeedsAndNoMore()
    {
        string? passwd = ExternalProcess.Find("mosquitto_passwd");
        Assert.SkipWhen(passwd is null, "mosquitto_passwd is not installed");
        string users = Path.GetTempFileName();
        try
        {
            foreach (string user in (string[])["robot", "worker", "viewer", "site"])
            {
                Assert.True(await ExternalProcess.SucceedsAsync(passwd, "-b", users, user, "secret"));
            }

            string acl = Path.Combine(Nearby.RepositoryRoot, "samples", "fleet", "acl");
            await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous false", $"password_file {users}", $"acl_file {acl}");
            using IMqttClient robot = await ConnectAsync(broker.Port, "robot"), worker = await ConnectAsync(broker.Port, "worker"),
                viewer = await ConnectAsync(broker.Port, "viewer"), site = await ConnectAsync(broker.Port, "site");
            (IMqttClient Client, string Topic, bool May)[] rights =
            [
                (robot, "vb/fleet/v1/default/robot/front/picture/a", true),
                (robot, "vb/fleet/v1/default/robot/front/rig/a", true),
                (robot, "vb/v1/robot/front/status", true),
                (robot, "vb/fleet/v1/default/other/front/picture/a", false),
                (robot, "vb/fleet/v1/default/robot/front/receipt", false),
                (robot, "vb/fleet/v1/default/model", false),
                (robot, "vb/v1/other/front/depth", false),
                (worker, "vb/v1/robot/front/depth", true),
                (worker, "vb/v1/robot/front/depth/camera_info", true),
                (worker, "vb/v1/robot/front/tf_static", true),
                (worker, "vb/fleet/v1/default/model", true),
                (worker, "vb/fleet/v1/default/robot/front/receipt", true),
                (worker, "vb/fleet/v1/default/robot/front/picture/a", false),
                (worker, "vb/fleet/v1/other/model", false),
                (worker, "vb/v1/robot/front/status", false),
                (worker, "vb/v1/robot/front/command", false),
                (worker, "vb/v1/robot/front/instructions/set", false),
                (viewer, "vb/v1/robot/front/depth", false),
                (site, "vb/fleet/v1/default/robot/front/picture/a", true),
                (site, "vb/fleet/v1/default/robot/front/rig/a", true),
                (site, "vb/fleet/v1/default/robot/front/receipt", false),
                (site, "vb/fleet/v1/default/model", false),
                (site, "vb/v1/robot/front/depth", false),
            ];
            foreach ((IMqttClient client, string topic, bool may) in rights)
            {
                Assert.True(may == await MayWriteAsync(client, topic), $"{topic}: {may} was expected");
            }
        }
        finally
        {
            File.Delete(users);
        }
    }

    private static async Task<IMqttClient> ConnectAsync(int port, string user)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithCredentials(user, "secret").Build();
        await client.ConnectAsync(options).WaitAsync(Publishing.Limit);
        return client;
    }

    private static async Task<bool> MayWriteAsync(IMqttClient client, string topic) => (await client.PublishAsync(new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithPayload("pause").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build()).WaitAsync(Publishing.Limit)).ReasonCode
        != MqttClientPublishReasonCode.NotAuthorized;
}
