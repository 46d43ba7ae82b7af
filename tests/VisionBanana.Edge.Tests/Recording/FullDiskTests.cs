using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>The disk of the temporary files, taken for one that is almost full by asking that what is free now stays free.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly Recordings.TemporaryFile _file = new();

    private static long Free => new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Create_LessFreeThanIsKept_IsRefusedBeforeAFileIsMade()
    {
        var options = new McapWriterOptions { KeepFreeBytes = Free + (1L << 40) };
        Assert.Contains("MiB free", Assert.Throws<RecordingException>(() => McapWriter.Create(_file.Path, options)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_file.Path));
    }

    [Fact]
    public void Write_DiskAlmostFull_EndsReadableWithAllThatWasTaken()
    {
        // Some megabytes may still be written.
        long taken = 0;
        var options = new McapWriterOptions { Compression = McapCompression.None, KeepFreeBytes = Free - (60L << 20) };
        using (McapWriter writer = McapWriter.Create(_file.Path, options))
        {
            McapChannel channel = writer.AddChannel("/a", "cdr", null);
            var error = Assert.Throws<RecordingException>(() =>
            {
                for (; taken < 2000; taken++)
                {
                    writer.Write(channel, (uint)taken, taken, taken, new byte[200_000]);
                }
            });
            Assert.Contains("--keep-free-mb", error.Message, StringComparison.Ordinal);
            Assert.NotNull(writer.EndedBecause);
            Assert.Throws<RecordingException>(() => writer.Write(channel, 0, 0, 0, []));
            Assert.Equal(taken, writer.MessageCount);
        }

        using McapReader reader = McapReader.Open(_file.Path);
        Assert.True(reader.Recovery.IsComplete);
        Assert.Equal(taken, reader.ReadMessages().Count());
    }

    [Fact]
    public async Task SendAsync_DiskAlmostFull_IsToldOnceAndTheStateSaysWhy()
    {
        var log = new LogLines();
        await using var transport = new RecordingTransport(new RecordingOptions
        {
            Path = _file.Path,
            Device = "e",
            Camera = "c",
            Logger = log,
            Writer = new McapWriterOptions { Compression = McapCompression.None, KeepFreeBytes = Free - (60L << 20) },
        });
        await transport.StartAsync(CancellationToken.None);
        var message = new WireMessage { Stream = "depth", Schema = "sensor_msgs/msg/Image", Payload = new byte[200_000] };
        long sent = 0, refused = 0;
        for (int i = 0; i < 2000 && refused < 10; i++)
        {
            if (await transport.SendAsync(message, CancellationToken.None) is null)
            {
                sent++;
            }
            else
            {
                refused++;
            }
        }

        await transport.DisposeAsync();
        Assert.Equal(10, refused);
        Assert.Contains("MiB free", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Equal(log.Lines[0], transport.Problem);
        Assert.Equal(log.Lines[0], transport.State);
        Assert.Equal(log.Lines[0], await transport.Ended);
        using McapReader reader = McapReader.Open(_file.Path);
        Assert.Equal(sent, reader.Statistics!.MessageCount);
        Assert.Equal(sent, transport.MessageCount);
    }
}
