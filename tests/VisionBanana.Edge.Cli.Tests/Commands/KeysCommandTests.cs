using System.Text.Json;
using VisionBanana.Edge.Cli.Commands;
using VisionBanana.Edge.Cli.Shell;

namespace VisionBanana.Edge.Cli.Tests.Commands;

public sealed class KeysCommandTests
{
    /// <summary>One key in some hundred looks like a user, a password and a host.</summary>
    [Theory]
    [InlineData("!rjn@S$k5qO<dSaaN^SY{]D^:bC+:GO18@oEMAx(")]
    [InlineData("abc://user:password@host?key=12345678901")]
    public void Report_PublicKeyThatLooksLikeAnAddress_IsWhole(string key)
    {
        string report = Json.Report(new KeysCommand.MadeKeys("/keys/public", "/keys/secret", key), ExitCode.Well, null);

        Assert.Equal(key, JsonDocument.Parse(report).RootElement.GetProperty("public_key").GetString());
    }
}
