using System.Buffers;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Channel;
using MQTTnet.Exceptions;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Reads along what comes in and ends the connection as soon as a packet claims more bytes than it may have: MQTTnet takes the memory for a
/// packet when it has read its length, whatever that says.
/// </summary>
internal sealed class PacketGate(IMqttChannel inner, EmbeddedBrokerLimits limits, IncomingBudget budget, TimeProvider clock) : IMqttChannel
{
    /// <summary>The most bytes of CONNECT, and of everything but a message.</summary>
    public const int SmallPacket = 64 * 1024;

    // Fixed header: type and flags, and up to four bytes of length.
    private const int Header = 5, MaxLengthBytes = 4;
    private const int Connect = 1, Publish = 3;

    private int _type, _length, _lengthBytes = -1, _bodyLeft, _taken;
    private long _since;

    /// <summary>What the connection may send now.</summary>
    public Trust Trust { get; set; }

    /// <summary>How long the packet has been on its way that is read now; zero between two packets.</summary>
    public TimeSpan Reading => Interlocked.Read(ref _since) is var since and not 0 ? clock.GetElapsedTime(since) : TimeSpan.Zero;

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        int read = await inner.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        Inspect(buffer.AsSpan(offset, read));
        return read;
    }

    public Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, isEndOfPacket, cancellationToken);

    public void Dispose()
    {
        GiveBack();
        inner.Dispose();
    }

    private void Inspect(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int used = 1;
            if (_bodyLeft > 0)
            {
                used = Math.Min(_bodyLeft, bytes.Length);
                _bodyLeft -= used;
            }
            else if (_lengthBytes < 0)
            {
                Interlocked.Exchange(ref _since, clock.GetTimestamp());
                (_type, _length, _lengthBytes) = (bytes[0] >> 4, 0, 0);
            }
            else
            {
                ReadLength(bytes[0]);
            }

            bytes = bytes[used..];
            if (_bodyLeft == 0 && _lengthBytes < 0)
            {
                Interlocked.Exchange(ref _since, 0);
                GiveBack();
            }
        }
    }

    private void ReadLength(byte part)
    {
        _length |= (part & 127) << (7 * _lengthBytes++);
        if ((part & 128) != 0)
        {
            // A fifth byte is the library's to refuse; here it would not fit the number.
            _ = _lengthBytes < MaxLengthBytes ? 0 : throw new MqttProtocolViolationException("The length of a packet has more than four bytes.");
            return;
        }

        Allow();
        (_bodyLeft, _lengthBytes) = (_length, -1);
    }

    private void Allow()
    {
        if (Trust == Trust.Own)
        {
            return;
        }

        if (Trust == Trust.None && _type != Connect)
        {
            throw new MqttProtocolViolationException("Expected CONNECT first.");
        }

        int limit = Trust == Trust.Guest && _type == Publish ? limits.MaxPacketBytes : SmallPacket;
        if (_length > limit - Header)
        {
            throw new MqttProtocolViolationException($"A packet claims {_length} bytes, at most {limit} are allowed here.");
        }

        if (_length > SmallPacket)
        {
            _taken = budget.TryTake(_length)
                ? _length
                : throw new MqttProtocolViolationException($"A packet of {_length} bytes, while as many as may be are on their way already.");
        }
    }

    private void GiveBack()
    {
        if (Interlocked.Exchange(ref _taken, 0) is var taken and not 0)
        {
            budget.GiveBack(taken);
        }
    }
}
