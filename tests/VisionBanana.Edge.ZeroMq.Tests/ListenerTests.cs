using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.ZeroMq.Tests;

public sealed class ListenerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Subscriber_ThatThrows_IsCounted_OthersAndTheNextMessageAreNotTouched()
    {
        await using var transport = new ZeroMqTransport(new ZeroMqOptions { Endpoint = "tcp://127.0.0.1:0", StateInterval = TimeSpan.FromMilliseconds(50) });
        await transport.StartAsync(CancellationToken.None);
        await using var listener = new ZeroMqListener(new ZeroMqListenerOptions { Endpoint = transport.Endpoint });
        var heard = new ConcurrentQueue<string>();
        using IDisposable bad = listener.Messages.Subscribe(_ => throw new InvalidOperationException("mine"));
        using IDisposable good = listener.Messages.Subscribe(m => heard.Enqueue(m.Topic));
        await listener.StartAsync(CancellationToken.None);
        using (EncodedFrame encoded = new SampleFrames().Encode(0))
        {
            foreach (WireMessage state in encoded.Messages.Where(m => m.IsState))
            {
                await transport.SendAsync(state, CancellationToken.None);
            }
        }

        await UntilAsync(() => heard.Count >= 4);
        Assert.True(listener.FailedCount >= 4, listener.State);
        Assert.Contains("subscribers threw", listener.State, StringComparison.Ordinal);
    }

    /// <summary>A peer that speaks ZMTP 3.0 and then claims a frame of an exabyte.</summary>
    [Fact]
    public async Task Publisher_APeerThatClaimsAHugeFrame_IsCutBeforeMemoryIsTaken_OthersAreServed()
    {
        await using var transport = new ZeroMqTransport(new ZeroMqOptions { Endpoint = "tcp://127.0.0.1:0", StateInterval = TimeSpan.FromMilliseconds(50) });
        await transport.StartAsync(CancellationToken.None);
        using var peer = new TcpClient();
        await peer.ConnectAsync(IPAddress.Loopback, new Uri(transport.Endpoint).Port);
        NetworkStream stream = peer.GetStream();
        byte[] greeting = new byte[64];
        (greeting[0], greeting[9], greeting[10]) = (0xFF, 0x7F, 3);
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        byte[] ready = [4, 25, 5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 3, .. "SUB"u8];
        await stream.WriteAsync(greeting);
        await stream.WriteAsync((byte[])[4, (byte)(ready.Length - 2), .. ready.AsSpan(2)]);
        await stream.WriteAsync((byte[])[2, 0, 0, 0, 0, 0x40, 0, 0, 0, 1]);
        byte[] buffer = new byte[4096];
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            while (await stream.ReadAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Closed hard.
        }

        await using var listener = new ZeroMqListener(new ZeroMqListenerOptions { Endpoint = transport.Endpoint });
        int heard = 0;
        using IDisposable good = listener.Messages.Subscribe(_ => Interlocked.Increment(ref heard));
        await listener.StartAsync(CancellationToken.None);
        using (EncodedFrame encoded = new SampleFrames().Encode(0))
        {
            foreach (WireMessage state in encoded.Messages.Where(m => m.IsState))
            {
                await transport.SendAsync(state, CancellationToken.None);
            }
        }

        await UntilAsync(() => Volatile.Read(ref heard) > 0);
    }

    private static async Task UntilAsync(Func<bool> done)
    {
        long start = Stopwatch.GetTimestamp();
        while (!done())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, "it did not happen in time");
            await Task.Delay(20);
        }
    }
}
