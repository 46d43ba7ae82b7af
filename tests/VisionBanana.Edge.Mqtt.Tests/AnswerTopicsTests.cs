using Microsoft.Extensions.Logging.Abstractions;

namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class AnswerTopicsTests
{
    private static readonly MqttOptions Options = new() { Device = "robot", Camera = "front", AnswerPrefixes = ["rpc/replies/"] };

    [Theory]
    [InlineData("answers/me", true)]
    [InlineData("me/answers/1", true)]
    [InlineData("vb/v1/robot/front/answers/me", true)]
    [InlineData("rpc/replies/7", true)]
    [InlineData("vb/v1/robot/rear/answers/me", false)]
    [InlineData("vb/v1/robot/front/status", false)]
    [InlineData("vb/v1/other/answers/x/command", false)]
    [InlineData("homeassistant/camera/x/config", false)]
    [InlineData("lights/kitchen/set", false)]
    [InlineData("me/answers", false)]
    [InlineData("answers", false)]
    [InlineData("answers/", false)]
    [InlineData("answers/+", false)]
    [InlineData("answers/#", false)]
    [InlineData("$SYS/answers/1", false)]
    [InlineData("rpc/other", false)]
    public void WhyNot_ResponseTopics_OnlyWhereAnswersGo(string topic, bool allowed) =>
        Assert.Equal(allowed, new AnswerTopics(Options, TimeProvider.System).WhyNot(topic) is null);

    [Theory]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("vb/v1/robot")]
    [InlineData("a/#")]
    [InlineData("$SYS/")]
    public void Construct_PrefixThatOpensTooMuch_Refused(string prefix) =>
        Assert.Throws<ConfigurationException>(() => new MqttTransport(Options with { AnswerPrefixes = [prefix] }, NullLogger<MqttTransport>.Instance));

    [Fact]
    public void TrySpend_ManyAtOnce_EndsAfterABurst()
    {
        var topics = new AnswerTopics(Options, TimeProvider.System);
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => topics.TrySpend()), 20, 100);
    }
}
