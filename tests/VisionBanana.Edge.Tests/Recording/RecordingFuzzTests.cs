using System.Diagnostics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Recording;
using VisionBanana.Edge.Tests.Pipeline;

namespace VisionBanana.Edge.Tests.Recording;

/// <summary>
/// Recordings with random damage through every door: readers, camera source, replay. Whatever the bytes are, only our exceptions come
/// out, and memory stays within the budget. Seeded; a few seconds.
/// </summary>
public sealed class RecordingFuzzTests
{
    private const int Budget = 8 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task EveryDoor_RandomDamage_OnlyOurExceptionsAndBoundedMemory(int seed)
    {
        var random = new Random(seed);
        byte[][] sound = [.. Sound()];
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 3000 && watch.Elapsed < Limit; i++)
        {
            byte[] file = Damaged(sound[random.Next(sound.Length)], random);
            long before = GC.GetTotalAllocatedBytes();
            try
            {
                await ReadAsync(file);
            }
            catch (VisionBananaException)
            {
                // The only ones allowed.
            }
            catch (Exception error)
            {
                Assert.Fail($"seed {seed}, file {i}: {error}\n{Convert.ToBase64String(file)}");
            }

            Assert.True(GC.GetTotalAllocatedBytes() - before < 40L * Budget, $"seed {seed}, file {i} took too much memory");
        }
    }

    private static async Task ReadAsync(byte[] file)
    {
        var options = new McapReaderOptions { SkipDamagedChunks = true, MemoryBudgetBytes = Budget, MaxRecordBytes = Budget };
        using (McapReader reader = McapReader.Open(file, options))
        {
            foreach (bool inFileOrder in (bool[])[false, true])
            {
                foreach (McapMessage message in reader.ReadMessages(new McapReadOptions { InFileOrder = inFileOrder }))
                {
                    Assert.NotNull(message.Channel);
                }
            }

            Assert.NotNull(reader.Recovery.ToString());
            await new ReplayPlayer(reader, [new MemoryTransport()], new ReplayOptions { Speed = null }).PlayAsync(CancellationToken.None);
            foreach (McapAttachmentInfo attachment in reader.Attachments)
            {
                try
                {
                    reader.ReadAttachment(attachment);
                }
                catch (MessageFormatException)
                {
                    // Told.
                }
            }

            reader.ReadMetadata();
        }

        using RecordingSource source = RecordingSource.Open(McapReader.Open(file, options), new RecordingSourceOptions { PoolCapacity = 2 });
        var ended = new TaskCompletionSource();
        using (source.Frames.Subscribe(_ => { }, _ => ended.TrySetResult(), () => ended.TrySetResult()))
        {
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    private static IEnumerable<byte[]> Sound()
    {
        byte[] picture = RosMessage.Encode(new Image(new Header(new Time(1, 2), "c"), 6, 8, "bayer_rggb8", false, 8, new byte[48]));
        byte[] info = RosMessage.Encode(CameraInfo.From(new CameraIntrinsics(8, 6, 5, 5, 4, 3), new Header(new Time(1, 2), "c")));
        foreach (McapCompression compression in Enum.GetValues<McapCompression>())
        {
            byte[] file = Recordings.Write(new McapWriterOptions { ChunkBytes = 1024, Compression = compression }, writer =>
            {
                writer.AddAttachment(new McapAttachment("a.yaml", "application/yaml", new byte[20]));
                writer.AddMetadata("m", new Dictionary<string, string> { ["a"] = "b" });
                for (int i = 0; i < 30; i++)
                {
                    writer.Write(new WireMessage { Stream = "image_raw", Schema = Image.Schema, Payload = picture }, "/cam/image_raw", i);
                    writer.Write(new WireMessage { Stream = "camera_info", Schema = CameraInfo.Schema, Payload = info }, "/cam/camera_info", i);
                }
            });
            yield return file;
            yield return Unchecked(file);
        }

        foreach ((string content, string[] features) in ConformanceFile.Matrix().Where((_, i) => i % 13 == 0))
        {
            yield return ConformanceFile.Write(content, features);
        }
    }

    /// <summary>The same without check values, so that damage gets through to what reads behind them.</summary>
    private static byte[] Unchecked(byte[] file)
    {
        byte[] copy = [.. file];
        for (int at = 8; at < copy.Length - 8; at += 9 + (int)BitConverter.ToInt64(copy, at + 1))
        {
            if (copy[at] is 6 or 15)
            {
                copy.AsSpan(at + 9 + (copy[at] == 6 ? 24 : 0), 4).Clear();
            }

            if (copy[at] == 2)
            {
                copy.AsSpan(at + 9 + 16, 4).Clear();
            }
        }

        return copy;
    }

    private static byte[] Damaged(byte[] sound, Random random)
    {
        List<byte> file = [.. sound];
        for (int n = random.Next(1, 5); n > 0 && file.Count > 32; n--)
        {
            int at = random.Next(8, file.Count);
            switch (random.Next(6))
            {
                case 0:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    file[at] = (byte)random.Next(256);
                    break;
                case 2:
                    // Lengths and times: the numbers that hurt.
                    byte[] number = BitConverter.GetBytes(random.Next(4) switch { 0 => -1L, 1 => long.MaxValue, 2 => 1L << 31, _ => random.Next(1 << 24) });
                    for (int i = 0; i < 8 && at + i < file.Count; i++)
                    {
                        file[at + i] = number[i];
                    }

                    break;
                case 3:
                    file.RemoveRange(at, Math.Min(random.Next(1, 40), file.Count - at));
                    break;
                case 4:
                    int from = random.Next(8, file.Count), length = Math.Min(random.Next(1, 400), file.Count - from);
                    file.InsertRange(at, file.GetRange(from, length));
                    break;
                default:
                    file.RemoveRange(at, file.Count - at);
                    break;
            }
        }

        return [.. file];
    }
}
