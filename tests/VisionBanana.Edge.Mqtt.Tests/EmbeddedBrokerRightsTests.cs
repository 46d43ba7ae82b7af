using System.Net;
using MQTTnet;
using VisionBanana.Edge.Tests.Shared;
using Running = VisionBanana.Edge.Mqtt.Tests.EmbeddedBrokerLimitTests.Running;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>Who may do what at the embedded broker.</summary>
public sealed class EmbeddedBrokerRightsTests
{
    [Theory]
    [InlineData("vb/v1/robot/front/depth")]
    [InlineData("vb/v1/robot/front/status")]
    [InlineData("vb/v1/robot/front/zones/left")]
    [InlineData("vb/v1/robot/front/answers/me")]
    [InlineData("homeassistant/camera/vb_robot_front/preview/config")]
    public async Task Publish_UnderThePipelinesTopics_IsThePipelinesAlone(string topic)
    {
        await using Running broker = await Running.StartAsync();
        await using MqttTransport own = await broker.OwnAsync();
        using IMqttClient guest = await EmbeddedBrokerLimitTests.ConnectAsync(broker.Port, "guest");
        Assert.Equal(
            MqttClientPublishReasonCode.NotAuthorized, (await guest.PublishAsync(EmbeddedBrokerLimitTests.Message(topic, 10, retain: true))).ReasonCode);
        Assert.Contains(broker.Log.Lines, line => line.Contains($"'guest' publish '{topic}'", StringComparison.Ordinal));
        Assert.All(await Publishing.SendAsync(own, new SampleFrames(), 1), r => Assert.Null(r.Value));
    }

    [Theory]
    [InlineData("vb/v1/robot/front/command")]
    [InlineData("vb/v1/robot/front/instructions/set")]
    [InlineData("vb/v1/robot/rear/depth")]
    [InlineData("elsewhere")]
    public async Task Publish_CommandsAndOtherTopics_AreTaken(string topic)
    {
        await using Running broker = await Running.StartAsync();
        await using MqttTransport own = await broker.OwnAsync();
        using IMqttClient guest = await EmbeddedBrokerLimitTests.ConnectAsync(broker.Port, "guest");
        Assert.True((await guest.PublishAsync(EmbeddedBrokerLimitTests.Message(topic, 10))).IsSuccess);
    }

    [Fact]
    public async Task LastWill_UnderThePipelinesTopics_IsNotPublished()
    {
        await using Running broker = await Running.StartAsync();
        await using MqttTransport own = await broker.OwnAsync();
        using IMqttClient guest = new MqttClientFactory().CreateMqttClient();
        await guest.ConnectAsync(EmbeddedBrokerLimitTests.Client(broker.Port, "forger")
            .WithWillTopic("vb/v1/robot/front/status").WithWillPayload("forged").WithWillRetain().Build());
        guest.Dispose();
        await Publishing.UntilAsync(() => broker.Broker.RefusedRequests == 1, "the will is refused");
    }

    [Fact]
    public async Task Connect_WithThePipelinesId_IsRefused_AndThePipelineStays()
    {
        await using Running broker = await Running.StartAsync();
        await using MqttTransport own = await broker.OwnAsync();
        using IMqttClient thief = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await thief.ConnectAsync(EmbeddedBrokerLimitTests.Client(broker.Port, "vb-robot-front").Build());
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, result.ResultCode);
        result = await thief.ConnectAsync(EmbeddedBrokerLimitTests.Client(broker.Port, "vb-robot-front").WithCredentials("vb-robot-front", "guess").Build());
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, result.ResultCode);
        Assert.All(await Publishing.SendAsync(own, new SampleFrames(), 1), r => Assert.Null(r.Value));
        Assert.Contains("(connected", own.State, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_OnlyThey_AndOnlyWhatTheirFiltersSay()
    {
        const string variable = "VB_TEST_BROKER_VIEWER";
        Environment.SetEnvironmentVariable(variable, "open sesame");
        await using Running broker = await Running.StartAsync(o => o with
        {
            Users = [new EmbeddedBrokerUser { Name = "viewer", PasswordVariable = variable, Publish = ["vb/v1/+/+/command"], Subscribe = ["vb/v1/robot/#"] }],
        });
        await using MqttTransport own = await broker.OwnAsync();
        using IMqttClient client = new MqttClientFactory().CreateMqttClient();
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, (
            await client.ConnectAsync(EmbeddedBrokerLimitTests.Client(broker.Port, "v").Build())).ResultCode);
        foreach ((string user, string password) in new[] { ("viewer", "wrong"), ("viewer", ""), ("other", "open sesame") })
        {
            MqttClientOptions options = EmbeddedBrokerLimitTests.Client(broker.Port, "v").WithCredentials(user, password).Build();
            Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, (await client.ConnectAsync(options)).ResultCode);
        }

        MqttClientOptions right = EmbeddedBrokerLimitTests.Client(broker.Port, "v").WithCredentials("viewer", "open sesame").Build();
        Assert.Equal(MqttClientConnectResultCode.Success, (await client.ConnectAsync(right)).ResultCode);
        Assert.True((await client.PublishAsync(EmbeddedBrokerLimitTests.Message("vb/v1/robot/front/command", 1))).IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.NotAuthorized, (await client.PublishAsync(EmbeddedBrokerLimitTests.Message("elsewhere", 1))).ReasonCode);
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, (await client.SubscribeAsync("vb/v1/robot/front/+")).Items.Single().ResultCode);
        Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, (await client.SubscribeAsync("vb/v1/#")).Items.Single().ResultCode);
    }

    [Theory]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/b/#", true)]
    [InlineData("a/+", "a/#", false)]
    [InlineData("a/+", "a/+", true)]
    [InlineData("a/b", "a/+", false)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("a/+/c", "a/b/c", true)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("+/b", "a/b", true)]
    public void Covers_FiltersAndTopics_AsTheStandardSays(string filter, string other, bool expected) =>
        Assert.Equal(expected, TopicFilters.Covers(filter, other));

    [Fact]
    public async Task Start_BeyondLoopbackWithoutUsers_Warns()
    {
        await using Running open = await Running.StartAsync(o => o with { Address = IPAddress.Any });
        Assert.Contains(
            open.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("lets anybody in", StringComparison.Ordinal));
        await using MqttTransport own = await open.OwnAsync();
        await using Running near = await Running.StartAsync();
        Assert.DoesNotContain(near.Log.Lines, line => line.Contains("lets anybody in", StringComparison.Ordinal));
    }

    [Fact]
    public void Construct_PasswordNotSetOrFilterWrong_Refused()
    {
        var user = new EmbeddedBrokerUser { Name = "viewer", PasswordVariable = "VB_TEST_NOT_SET" };
        Assert.Contains("VB_TEST_NOT_SET", Assert.Throws<ConfigurationException>(
            () => new EmbeddedBroker(new EmbeddedBrokerOptions { Users = [user] })).Message, StringComparison.Ordinal);
        Environment.SetEnvironmentVariable("VB_TEST_BROKER_SET", "x");
        user = user with { PasswordVariable = "VB_TEST_BROKER_SET" };
        Assert.Throws<ConfigurationException>(() => new EmbeddedBroker(new EmbeddedBrokerOptions { Users = [user, user] }));
        Assert.Throws<ConfigurationException>(() => new EmbeddedBroker(new EmbeddedBrokerOptions { Users = [user with { Publish = ["a/#/b"] }] }));
    }
}
