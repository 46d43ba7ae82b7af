using System.Reflection;
using System.Text.Json;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

/// <summary>The table of streams is whole: what was forgotten when a stream was added is named here.</summary>
public sealed class StreamsTests
{
    private static readonly Type[] CoreTypes = typeof(StreamKind).Assembly.GetTypes();

    [Fact]
    public void All_EveryKindOfStream_StandsInTheTable()
    {
        IEnumerable<string> kinds = CoreTypes.Where(type => type.IsSubclassOf(typeof(StreamKind)) && !type.IsAbstract).Select(type => type.Name);
        Assert.Empty(kinds.Except(Streams.All.Select(stream => stream.GetType().Name)));
    }

    [Fact]
    public void All_EveryNameOfAStream_IsAStreamAndFound()
    {
        string[] names = [.. typeof(Streams).GetFields().Select(field => (string)field.GetRawConstantValue()!)];
        Assert.Equal(names.Order(), Streams.All.Select(stream => stream.Name).Order());
        Assert.All(Streams.All, stream => Assert.Same(stream, Streams.Find(stream.Name)));
        Assert.Null(Streams.Find("smell"));
    }

    [Fact]
    public void Read_StreamsThatAreNotNamed_AreAsTheyWere()
    {
        YamlSection root = YamlFile.Parse("streams:\n  color: {rate_hz: 2}\n", "test.yaml");
        var options = StreamOptions.Read(root.OptionalSection("streams"));
        root.Problems.ThrowIfAny();
        Assert.Equal(new StreamOptions { Color = new() { RateHz = 2 } }, options);
    }

    [Fact]
    public void Read_EveryStreamTurnedOff_LeavesNoOptionsOfAStreamOn()
    {
        string yaml = string.Join('\n', OptionsOfStreams().Select(property => $"  {NameOf(property)}: false"));
        YamlSection root = YamlFile.Parse($"streams:\n{yaml}\n", "test.yaml");
        var options = StreamOptions.Read(root.OptionalSection("streams"));
        root.Problems.ThrowIfAny();
        Assert.All(OptionsOfStreams(), property => Assert.True(property.GetValue(options) is null, $"{property.Name} is not read by its stream"));
    }

    [Fact]
    public void Sample_EveryStreamWithOptions_StandsInPipelineYaml()
    {
        string sample = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"));
        string streams = sample[sample.IndexOf("\nstreams:", StringComparison.Ordinal)..];
        Assert.All(OptionsOfStreams().Select(NameOf), name => Assert.Matches($"(?m)^(# )?  {name}:", streams));
    }

    [Fact]
    public void Encode_RateOutOfRange_IsRefusedForEveryStreamWithOptions()
    {
        foreach (PropertyInfo property in OptionsOfStreams())
        {
            var options = new StreamOptions();
            object own = Activator.CreateInstance(property.PropertyType)!;
            own.GetType().GetProperty("RateHz")!.SetValue(own, 5000.0);
            property.SetValue(options, own);
            ConfigurationException error = Assert.Throws<ConfigurationException>(() => new MessageEncoder(options, new MarkedImageEncoder()));
            Assert.Contains($"The rate of {NameOf(property)} is", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Schemas_EveryTypeOfEveryStream_CanBeRecorded() =>
        Assert.Empty(Streams.All.SelectMany(stream => stream.Schemas).Except(RosDefinitions.Schemas));

    [Fact]
    public void Definitions_EveryRosType_HasOne()
    {
        IEnumerable<string> schemas = CoreTypes.Where(type => type.GetInterface(typeof(IRosMessage<>).Name) is not null)
            .Select(type => (string)type.GetProperty("Schema")!.GetValue(null)!);
        Assert.Empty(schemas.Except(RosDefinitions.Schemas));
    }

    private static IEnumerable<PropertyInfo> OptionsOfStreams() =>
        typeof(StreamOptions).GetProperties().Where(property => property.PropertyType.Name.EndsWith("StreamOptions", StringComparison.Ordinal));

    private static string NameOf(PropertyInfo property) => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
}
