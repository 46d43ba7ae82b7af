using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Tests.Configuration;

public sealed class YamlSectionTests
{
    [Fact]
    public void ThrowIfAny_SeveralMistakes_TellsAllWithLineAndColumn()
    {
        YamlSection root = YamlFile.Parse("width: wide\nheight: -3\nmode: loud\nsize: {a: 1}\nextra: 5\n", "test.yaml");
        root.RequireInt("width", 1);
        root.RequireInt("height", 1);
        root.RequireOneOf("mode", "on", "off");
        root.RequireString("name");
        root.RequireString("size");
        root.RefuseUnknownKeys();

        ConfigurationException error = Assert.Throws<ConfigurationException>(root.Problems.ThrowIfAny);

        Assert.Equal(6, error.Problems.Count);
        Assert.Contains("test.yaml:1:8: width: expected a whole number, found 'wide'", error.Message, StringComparison.Ordinal);
        Assert.Contains("test.yaml:2:9: height: -3 is outside 1 to …", error.Message, StringComparison.Ordinal);
        Assert.Contains("test.yaml:3:7: mode: expected one of on, off, found 'loud'", error.Message, StringComparison.Ordinal);
        Assert.Contains("name: missing", error.Message, StringComparison.Ordinal);
        Assert.Contains("size: expected a value, found a section with keys", error.Message, StringComparison.Ordinal);
        Assert.Contains("test.yaml:5:1: extra: unknown key; known here: height, mode, name, size, width", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1, 2")]
    [InlineData("a: 1\na: 2")]
    [InlineData("- 1\n- 2")]
    [InlineData("")]
    public void Parse_NotAMapping_IsAConfigurationError(string text) =>
        Assert.Throws<ConfigurationException>(() => YamlFile.Parse(text, "test.yaml"));

    [Fact]
    public void Load_NoSuchFile_SaysWhich() => Assert.Contains(
        "no-such.yaml", Assert.Throws<ConfigurationException>(() => YamlFile.Load("no-such.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void Readers_GoodValues_AreRead()
    {
        YamlSection root = YamlFile.Parse(
            "%YAML:1.0\n---\nn: 3\nx: 2.5e1\non: true\nlist: [1, 2.5]\nrows: [[1, 2], [3, 4]]\nin: {key: v}\nempty:\n", "test.yaml");

        Assert.Equal(3, root.RequireInt("n"));
        Assert.Equal(25, root.RequireDouble("x"));
        Assert.True(root.OptionalBool("on"));
        Assert.Equal([1, 2.5], root.Doubles("list", 2));
        Assert.Equal([3.0, 4.0], root.Rows("rows", 2)[1]);
        Assert.Equal("v", root.RequireSection("in")!.RequireString("key"));
        Assert.Null(root.OptionalString("empty"));
        root.RefuseUnknownKeys();
        root.Problems.ThrowIfAny();
    }
}
