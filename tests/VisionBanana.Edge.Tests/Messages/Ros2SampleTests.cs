using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;
using YamlDotNet.RepresentationModel;

namespace VisionBanana.Edge.Tests.Messages;

/// <summary>samples/ros2 names what is really published.</summary>
public sealed class Ros2SampleTests
{
    [Fact]
    public void MqttClientYaml_EveryStream_WithTheTypeItIsPublishedAs()
    {
        Dictionary<string, string> expected = Streams.All.ToDictionary(stream => stream.Name, stream => stream.Schemas[0]);

        var yaml = new YamlStream();
        using StreamReader file = File.OpenText(Path.Combine(Nearby.RepositoryRoot, "samples", "ros2", "mqtt_client.yaml"));
        yaml.Load(file);
        YamlNode bridge = yaml.Documents[0].RootNode["/**/*"]["ros__parameters"]["bridge"]["mqtt2ros"];
        string[] topics = [.. ((YamlSequenceNode)bridge["mqtt_topics"]).Select(topic => topic.ToString())];
        Assert.Equal(expected.Keys.Select(stream => WireTopics.Of("device", "camera", stream)).Order(), topics.Order());
        Assert.All(expected, pair => Assert.Equal(pair.Value, bridge[WireTopics.Of("device", "camera", pair.Key)]["ros_type"].ToString()));
        Assert.Equal(topics.Length, topics.Select(topic => bridge[topic]["ros_topic"].ToString()).Distinct().Count());
    }

    /// <summary>
    /// Without ROS it cannot run here; that it is Python can be told. The bytes it deserialises are those of <see cref="Ros.FastCdrInteropTests"/>.
    /// </summary>
    [Fact]
    public async Task SubscribePy_Compiles()
    {
        const string Check = "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')";
        using ExternalProcess python = await Consumers.RunAsync(Check, [], Path.Combine(Nearby.RepositoryRoot, "samples", "ros2", "subscribe.py"));
        Assert.True(await python.WaitAsync(TimeSpan.FromSeconds(60)) == 0, python.Errors);
    }
}
