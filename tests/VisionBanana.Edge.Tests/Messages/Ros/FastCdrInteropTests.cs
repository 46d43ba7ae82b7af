using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages.Ros;

/// <summary>Our messages read and written by Fast CDR, which serialises in ROS 2's default middleware: tests/interop/fastcdr.cpp.</summary>
public sealed class FastCdrInteropTests(FastCdrInteropTests.Program program) : IClassFixture<FastCdrInteropTests.Program>
{
    [Fact]
    public async Task EveryMessage_ReadByFastCdr_SameBytesBackAndReadByUs()
    {
        string[] schemas = [.. Samples.Encoded.Keys.Order(StringComparer.Ordinal)];
        (byte[] Written, string Values)[] results = await program.AgainAsync([.. schemas.Select(schema => (schema, Samples.Encoded[schema]))]);
        foreach ((string schema, (byte[] written, _)) in schemas.Zip(results))
        {
            Assert.True(Samples.Encoded[schema].AsSpan().SequenceEqual(written), $"{schema}: {Convert.ToHexString(written)}");
            Assert.Equal(Samples.Encoded[schema], Samples.Recode(schema, written));
        }
    }

    [Fact]
    public async Task Fields_ReadByFastCdr_AreThoseWritten()
    {
        const string Header = "|1700000000|123456789|camera_optical";
        LabelInfo labels = Samples.LabelInfo with { ClassMap = [new VisionClass(7, "Löwe"), new VisionClass(65535, "")] };
        (byte[] Written, string Values)[] results = await program.AgainAsync(
            (Image.Schema, Samples.Encoded[Image.Schema]),
            (CameraInfo.Schema, Samples.Encoded[CameraInfo.Schema]),
            (PointCloud2.Schema, RosMessage.Encode(Samples.PointCloud2 with { Data = new byte[] { 1, 254 } })),
            (CompressedPointCloud2.Schema, Samples.Encoded[CompressedPointCloud2.Schema]),
            (LabelInfo.Schema, RosMessage.Encode(labels)),
            (DiagnosticArray.Schema, Samples.Encoded[DiagnosticArray.Schema]),
            (TFMessage.Schema, Samples.Encoded[TFMessage.Schema]));
        const string Fields = "|6|x|0|7|1|y|4|7|1|z|8|7|1|rgb|12|7|1|confidence|16|7|1|label|20|4|1";
        const string Pose = "|0.25|-0.5|1.125|-0.5|0.5|-0.5|0.5";
        Assert.Equal(
            [
                Header + "|2|3|16UC1|0|6|0102030405060708090A0B0C",
                Header + "|480|640|plumb_bob|5|0.10000000000000001|-0.20000000000000001|0.001|-0.002|0.050000000000000003|500.5|0|319.5|0|501.25|239.5|0|0|1" +
                    "|1|0|0|0|1|0|0|0|1|500.5|0|319.5|0|0|501.25|239.5|0|0|0|1|0|0|0|0|0|0|0|0",
                Header + "|2|2" + Fields + "|0|24|48|01FE|0",
                Header + "|2|2" + Fields + "|0|24|48|28B52FFD07|1|zstd",
                Header + "|2|7|Löwe|65535||0.25",
                "|1700000000|123456789||2|0|pipeline|running|jetson-1|2|fps|29.9|drops.superseded|3|1|mqtt|reconnecting||0",
                $"|2|1700000000|123456789|base_link|camera_optical{Pose}|1700000000|123456789|base_link|imu{Pose}",
            ],
            results.Select(result => result.Values));
    }

    /// <summary>The program, built once.</summary>
    public sealed class Program : IAsyncLifetime
    {
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

        private readonly string _folder = Directory.CreateTempSubdirectory("vb-fastcdr-").FullName;
        private string? _missing;

        private string Path => System.IO.Path.Combine(_folder, "fastcdr");

        public async ValueTask InitializeAsync()
        {
            string? compiler = ExternalProcess.Find("g++");
            if (compiler is null || !File.Exists("/usr/include/fastcdr/Cdr.h"))
            {
                _missing = "g++ and Fast CDR (Debian: libfastcdr-dev) are not installed";
                return;
            }

            string source = System.IO.Path.Combine(Nearby.RepositoryRoot, "tests", "interop", "fastcdr.cpp");
            using var process = new ExternalProcess(compiler, ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", source, "-lfastcdr", "-o", Path]);
            Assert.True(await process.WaitAsync(Limit) == 0, process.Errors);
        }

        /// <summary>What Fast CDR writes after reading each message, and the values it read.</summary>
        public async Task<(byte[] Written, string Values)[]> AgainAsync(params (string Schema, byte[] Payload)[] messages)
        {
            Assert.SkipWhen(_missing is not null, _missing ?? "");
            string input = string.Concat(messages.Select(message => $"{message.Schema} {Convert.ToHexString(message.Payload)}\n"));
            using var process = new ExternalProcess(Path, [], input);
            Assert.True(await process.WaitAsync(Limit) == 0, process.Errors);
            string[][] lines = [.. process.Output.Select(line => line.Split(' ', 3))];
            Assert.Equal(messages.Select(message => message.Schema), lines.Select(line => line[0]));
            return [.. lines.Select(line => (Convert.FromHexString(line[1]), line[2]))];
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
