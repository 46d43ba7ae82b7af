using VisionBanana.Edge.Hosting.Configuration;

namespace VisionBanana.Edge.Hosting.Tests.Configuration;

public sealed class PipelineSectionTests
{
    [Fact]
    public void All_EveryTransport_HasASectionOfItsName()
    {
        // A transport whose entry is written but not in the table is named here: MqttEntry reads the section mqtt.
        IEnumerable<string> written = typeof(ISinkEntry).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(ISinkEntry)) && type.IsClass).Select(type => type.Name.Replace("Entry", "", StringComparison.Ordinal));
        Assert.All(written, name => Assert.Contains(PipelineSection.All, section => section.Key.Equals(name, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void All_EverySection_StandsInThePipelineYamlOfTheSamples()
    {
        string sample = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "samples", "pipeline.yaml"));
        Assert.All(PipelineSection.All, section => Assert.Matches($"(?m)^(# )?{section.Key}:", sample));
    }
}
