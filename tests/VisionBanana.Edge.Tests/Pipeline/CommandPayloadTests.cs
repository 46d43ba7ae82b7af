using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class CommandPayloadTests
{
    [Theory]
    [InlineData("depth", "depth 1")]
    [InlineData(" labels\n", "labels 1")]
    [InlineData("""["depth"]""", "depth 1")]
    [InlineData("""{"cat": <255, 165, 0>}""", """{"cat": <255, 165, 0>} 1""")]
    [InlineData("""["depth", {"ask": "labels", "every": 3}]""", "depth 1, labels 3")]
    [InlineData("""{"instructions": [{"ask": "refer:the red mug"}]}""", "refer:the red mug 1")]
    public void ReadInstructions_EveryForm_Read(string text, string expected) =>
        Assert.Equal(expected, string.Join(", ", CommandPayload.ReadInstructions(Bytes(text)).Instructions.Select(i => $"{i.Ask} {i.Every}")));

    [Theory]
    [InlineData("", "found nothing")]
    [InlineData("  \n", "found nothing")]
    [InlineData("[\"depth\"", "not")]
    [InlineData("""{"instructions": [], "other": 1}""", "\"other\"")]
    [InlineData("""{"instructions": [], "instructions": []}""", "not")]
    [InlineData("""{"instructions": "depth"}""", "found String")]
    [InlineData("""{"a": {"instructions": []}}""", "keys")]
    [InlineData("[1]", "found Number")]
    [InlineData("""[{"ask": "depth", "evry": 3}]""", "ask, every")]
    [InlineData("""[{"ask": "depth", "every": 0}]""", "from 1")]
    [InlineData("""[{"ask": "depth", "every": 1.5}]""", "1.5")]
    [InlineData("""[{"every": 1}]""", "'ask'")]
    [InlineData("""[{"ask": " "}]""", "'ask'")]
    [InlineData("""["\ud800"]""", "Unicode")]
    [InlineData("""{"instructions": [{"\ud800": 1}]}""", "not")]
    [InlineData("[[[[[[[[[[1]]]]]]]]]]", "not")]
    public void ReadInstructions_Malformed_SaysWhat(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<MessageFormatException>(() => CommandPayload.ReadInstructions(Bytes(text))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("pause", true, null)]
    [InlineData("resume\n", false, null)]
    [InlineData("frame", null, null)]
    [InlineData("frame  refer:the red mug", null, "refer:the red mug")]
    [InlineData("""{"command": "pause"}""", true, null)]
    [InlineData("""{"command": "frame", "ask": "labels"}""", null, "labels")]
    public void ReadCommand_EveryForm_Read(string text, bool? paused, string? ask) =>
        Assert.Equal(paused is { } p ? new PauseCommand(p) : new FrameCommand(ask), CommandPayload.ReadCommand(Bytes(text)));

    [Theory]
    [InlineData("stop", "'stop'")]
    [InlineData("Pause", "'Pause'")]
    [InlineData("pause now", "'now'")]
    [InlineData("""{"command": "pause", "ask": "depth"}""", "'depth'")]
    [InlineData("""{"ask": "depth"}""", "'command'")]
    [InlineData("""{"command": 1}""", "'command'")]
    [InlineData("""{"command": "frame", "all": true}""", "command, ask")]
    public void ReadCommand_Malformed_SaysWhat(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<MessageFormatException>(() => CommandPayload.ReadCommand(Bytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_TooLongOrNotUtf8_Refused()
    {
        byte[] tooLong = new byte[CommandPayload.MaxBytes + 1];
        Array.Fill(tooLong, (byte)'a');
        Assert.Contains("65536", Assert.Throws<MessageFormatException>(() => CommandPayload.ReadInstructions(tooLong)).Message, StringComparison.Ordinal);
        Assert.Single(CommandPayload.ReadInstructions(tooLong.AsMemory(1)).Instructions);
        Assert.Contains(
            "UTF-8", Assert.Throws<MessageFormatException>(() => CommandPayload.ReadCommand(new byte[] { 0xFF, 0xFE })).Message, StringComparison.Ordinal);
    }

    [Property]
    public void Read_AnyBytes_ACommandOrOurException(byte[] bytes, bool asJson)
    {
        byte[] payload = asJson ? [(byte)'{', .. bytes, (byte)'}'] : bytes;
        foreach (Func<ReadOnlyMemory<byte>, PipelineCommand> read in (
            Func<ReadOnlyMemory<byte>, PipelineCommand>[])[CommandPayload.ReadInstructions, CommandPayload.ReadCommand])
        {
            try
            {
                Assert.NotNull(read(payload));
            }
            catch (MessageFormatException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void WriteState_ItsInstructions_CanBeSetAgain()
    {
        var state = new PipelineState(true, [new("depth \"quoted\"", 1), new("labels", 3)]);
        using JsonDocument json = JsonDocument.Parse(CommandPayload.WriteState(state));
        Assert.True(json.RootElement.GetProperty("paused").GetBoolean());
        ImmutableArray<AskedInstruction> again = CommandPayload.ReadInstructions(Bytes(json.RootElement.GetProperty("instructions").GetRawText())).Instructions;
        Assert.Equal(state.Instructions, again);
    }

    [Fact]
    public void WriteAnswer_WellOrNot_SaysSo()
    {
        Assert.Equal("""{"ok":true}""", Encoding.UTF8.GetString(CommandPayload.WriteAnswer(null)));
        Assert.Equal("""{"ok":false,"error":"no"}""", Encoding.UTF8.GetString(CommandPayload.WriteAnswer("no")));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
