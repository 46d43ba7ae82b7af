using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Hosting.Tests;

/// <summary>The sections of a pipeline file for robots that move.</summary>
public sealed class NavigationFileTests
{
    private const string Mount = "  mount: {parent: base_link, position_m: [0.1, 0, 0.35], rpy_deg: [0, 10, 0]}\n";

    [Fact]
    public void Read_TheSample_HasEverything()
    {
        PipelineFile file = PipelineFile.Read(Path.Combine(Nearby.RepositoryRoot, "samples", "robots", "pipeline.yaml"));

        NavigationOptions navigation = file.Navigation!;
        Assert.Equal(["stop", "slow"], navigation.Zones.Select(z => z.Name));
        Assert.Equal(PolygonZone.Box(0.5f, 1.2f, -0.3f, 0.3f), navigation.Zones[0].Shape);
        Assert.Equal(TimeSpan.FromSeconds(1), navigation.Zones[1].LeaveAfter);
        Assert.Equal(1.2, navigation.Obstacles.MaxHeightM);
        Assert.Equal(new DetectionOptions(), navigation.Detections);
        Assert.Equal(0.35, navigation.Mount!.Z);
        Assert.Equal("udpout:127.0.0.1:14550", file.Section<ObstacleDistanceEntry>()!.Options.Address);
    }

    [Fact]
    public void Read_WithoutTheSections_AsksNothing() => Assert.Null(Read("").Navigation);

    [Fact]
    public void Read_Nothing_IsAllDefaults()
    {
        NavigationOptions navigation = Read("obstacles: {}\n").Navigation!;
        Assert.Equal(new ObstacleOptions().MaxRangeM, navigation.Obstacles.MaxRangeM);
        Assert.Null(navigation.Detections);
        Assert.NotNull(Read("obstacle_distance: {address: \"udpin:0.0.0.0:14551\"}\n").Navigation);
    }

    [Theory]
    [InlineData("obstacles: {min_height_m: 2, max_height_m: 1}\n", "min_height_m is 2 and max_height_m is 1")]
    [InlineData("obstacles: {floor: sky}\n", "floor")]
    [InlineData("obstacles: {rows: [0.9, 0.1]}\n", "rows are 0.9 to 0.1")]
    [InlineData("obstacles: {floor: mount}\n", "camera.mount")]
    [InlineData("obstacles: {wheels: 4}\n", "wheels")]
    [InlineData("zones: [{name: a}]\n", "exactly one of box, polygon and sector")]
    [InlineData("zones: [{name: a, box: {x_m: [0, 1], y_m: [0, 1]}, sector: {from_deg: 0, to_deg: 1, range_m: 1}}]\n", "box and sector")]
    [InlineData("zones: [{name: a, box: {x_m: [1, 0], y_m: [0, 1]}}]\n", "rising")]
    [InlineData("zones: [{name: a, box: {x_m: [0, 1], y_m: [0, 1]}}]\n", "camera.mount")]
    [InlineData("zones: [{name: a, sector: {from_deg: 10, to_deg: -10, range_m: 1}}]\n", "goes left")]
    [InlineData("zones: [{name: 'a b', sector: {from_deg: -10, to_deg: 10, range_m: 1}}]\n", "'a b'")]
    [InlineData("zones: [{name: a, sector: {from_deg: -10, to_deg: 10, range_m: 1}, enter_m: 1, leave_m: 0.5}]\n", "no less to leave")]
    [InlineData("zones: [{name: a, sector: {from_deg: -10, to_deg: 10, range_m: 1}, min_height_m: 2.5}]\n", "reaches from 2.5 to 2 m")]
    [InlineData("obstacles: {min_points: 0}\n", "min_points")]
    [InlineData("detections: {birth: 0}\n", "birth")]
    [InlineData("obstacle_distance: {address: \"tcp:1.2.3.4:5\"}\n", "udpout:HOST:PORT")]
    [InlineData("obstacle_distance: {system_id: 300}\n", "system_id")]
    public void Read_WhatCannotWork_IsToldWithItsPlace(string text, string expected)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(".yaml:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CameraThatLooksDown_IsTold()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Read("obstacles: {}\n", Mount.Replace("[0, 10, 0]", "[0, 88, 0]", StringComparison.Ordinal)));
        Assert.Contains("88°", error.Message, StringComparison.Ordinal);
    }

    private static PipelineFile Read(string text, string mount = "")
    {
        string path = Path.Combine(Path.GetTempPath(), $"vb-navigation-{Guid.NewGuid():N}.yaml");
        try
        {
            File.WriteAllText(
                path,
                $"version: 1\ndevice: robot\ncamera:\n  source: /dev/video0\n  hfov_deg: 60\n{mount}instructions:\n  - ask: depth\n{text}zeromq: {{}}\n");
            return PipelineFile.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
