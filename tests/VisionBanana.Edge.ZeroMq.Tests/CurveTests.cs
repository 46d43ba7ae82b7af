using System.Text.RegularExpressions;
using NetMQ;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.ZeroMq.Tests;

public sealed class CurveTests : IDisposable
{
    // libzmq's CURVE, which shares no code with NetMQ's.
    private const string Subscriber =
        """
        import json, sys, zmq
        endpoint, server_key = sys.argv[1], sys.argv[2]
        socket = zmq.Context().socket(zmq.SUB)
        if server_key:
            public, secret = zmq.curve_keypair()
            socket.curve_publickey, socket.curve_secretkey, socket.curve_serverkey = public, secret, server_key.encode()
        socket.setsockopt(zmq.RCVTIMEO, 15000 if server_key else 1500)
        socket.connect(endpoint)
        socket.subscribe(b"vb/v1/robot/front/cloud")
        print("ready")
        try:
            for _ in range(5):
                topic, header, payload = socket.recv_multipart()
                header = json.loads(header)
                print(topic.decode(), header["seq"], len(payload) >= header["data_offset"] + header["data_length"])
        except zmq.Again:
            print("heard nothing")
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("vb-curve-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PythonSubscriber_WithThePublicKeyOfTheFiles_Hears_OneWithoutDoesNot()
    {
        CurveKeyFiles keys = CurveKeyFiles.Create(_folder);
        await using var transport = new ZeroMqTransport(new ZeroMqOptions
        {
            Endpoint = "tcp://127.0.0.1:0",
            Device = "robot",
            Camera = "front",
            CurveSecretKeyFile = keys.SecretFile,
        });
        await transport.StartAsync(CancellationToken.None);
        string publicKey = (await File.ReadAllTextAsync(keys.PublicFile)).Trim();
        using ExternalProcess friend = await Consumers.RunAsync(Subscriber, ["zmq"], transport.Endpoint, publicKey);
        using ExternalProcess stranger = await Consumers.RunAsync(Subscriber, ["zmq"], transport.Endpoint, "");
        Task<int> ends = Task.WhenAll(
            friend.WaitAsync(TimeSpan.FromSeconds(30)), stranger.WaitAsync(TimeSpan.FromSeconds(30))).ContinueWith(t => t.Result.Sum(), TaskScheduler.Default);
        var frames = new SampleFrames();
        for (long i = 0; !ends.IsCompleted; i++)
        {
            using EncodedFrame encoded = frames.Encode(i);
            foreach (WireMessage message in encoded.Messages)
            {
                Assert.Null(await transport.SendAsync(message, CancellationToken.None));
            }

            await Task.Delay(10);
        }

        Assert.True(await ends == 0, friend.Errors + stranger.Errors);
        Assert.Equal(6, friend.Output.Length);
        Assert.All(friend.Output[1..], line => Assert.Matches(@"^vb/v1/robot/front/cloud \d+ True$", line));
        Assert.Equal(["ready", "heard nothing"], stranger.Output);
    }

    [Fact]
    public void Create_NewFolder_WritesAPairThatBelongsTogether_TheSecretForItsOwnerAlone()
    {
        CurveKeyFiles keys = CurveKeyFiles.Create(Path.Combine(_folder, "new"));
        string secret = File.ReadAllText(keys.SecretFile), open = File.ReadAllText(keys.PublicFile);
        Assert.Matches(new Regex(@"^\S{40}\n$", RegexOptions.None, TimeSpan.FromSeconds(1)), secret);
        Assert.Equal(keys.PublicKey + "\n", open);
        Assert.Equal(keys.PublicKey, NetMQCertificate.CreateFromSecretKey(secret.Trim()).PublicKeyZ85);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys.SecretFile));
        }
    }

    [Fact]
    public void Create_KeysAreThere_RefusedAndKept()
    {
        CurveKeyFiles keys = CurveKeyFiles.Create(_folder);
        string before = File.ReadAllText(keys.SecretFile);
        Assert.Contains("not replaced", Assert.Throws<ConfigurationException>(() => CurveKeyFiles.Create(_folder)).Message, StringComparison.Ordinal);
        File.Delete(keys.PublicFile);
        Assert.Throws<ConfigurationException>(() => CurveKeyFiles.Create(_folder));
        Assert.Equal(before, File.ReadAllText(keys.SecretFile));
        Assert.False(File.Exists(keys.PublicFile));
    }

    [Fact]
    public void Construct_FileMissingMalformedOrTwoKeys_RefusedWithoutShowingIt()
    {
        string file = Path.Combine(_folder, "key");
        Assert.Contains("vbedge keys new", Refused(new ZeroMqOptions { CurveSecretKeyFile = file }), StringComparison.Ordinal);
        File.WriteAllText(file, "hush");
        Assert.DoesNotContain("hush", Refused(new ZeroMqOptions { CurveSecretKeyFile = file }), StringComparison.Ordinal);
        File.WriteAllText(file, new string('"', 40));
        Assert.Contains("not Z85", Refused(new ZeroMqOptions { CurveSecretKeyFile = file }), StringComparison.Ordinal);
        Assert.Contains("not both", Refused(new ZeroMqOptions { CurveSecretKeyFile = file, CurveSecretKeyVariable = "X" }), StringComparison.Ordinal);

        static string Refused(ZeroMqOptions options) => Assert.Throws<ConfigurationException>(() => new ZeroMqTransport(options)).Message;
    }
}
