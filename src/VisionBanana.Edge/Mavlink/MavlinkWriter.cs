using System.Buffers.Binary;

namespace VisionBanana.Edge.Mavlink;

/// <summary>
/// Writes the two messages of an obstacle sensor as MAVLink 2 frames: HEARTBEAT (0) and OBSTACLE_DISTANCE (330) of common.xml. Numbers are little endian,
/// zeros at the end of a payload are left out, the checksum is CRC-16/MCRF4XX over the frame and a byte that stands for the message's definition.
/// </summary>
internal sealed class MavlinkWriter(byte systemId, byte componentId)
{
    /// <summary>How many directions a message of obstacles has.</summary>
    public const int Distances = 72;

    /// <summary>A distance that is not known.</summary>
    public const ushort Unknown = ushort.MaxValue;

    private const byte Magic = 0xFD, OnboardController = 18, NoAutopilot = 8, Active = 4, MavlinkVersion = 3, UnknownSensor = 4, BodyFrontRightDown = 12;
    private const int HeaderLength = 10, HeartbeatId = 0, HeartbeatLength = 9, ObstacleId = 330, ObstacleLength = 167;
    private const byte HeartbeatExtra = 50, ObstacleExtra = 23;

    private readonly byte[] _frame = new byte[HeaderLength + 255 + 2];
    private byte _sequence;

    /// <summary>A frame that says that a companion is there. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Heartbeat()
    {
        Span<byte> payload = Begin(HeartbeatLength);
        payload[4] = OnboardController;
        payload[5] = NoAutopilot;
        payload[7] = Active;
        payload[8] = MavlinkVersion;
        return End(HeartbeatId, HeartbeatLength, HeartbeatExtra);
    }

    /// <summary>A frame with the nearest obstacle in each of 72 directions. Valid until the next call.</summary>
    /// <param name="microseconds">Capture time since the Unix epoch.</param>
    /// <param name="distances">72 of them, centimetres; the maximum + 1 = none, <see cref="Unknown"/> = not known.</param>
    /// <param name="minCm">The least that is measured.</param>
    /// <param name="maxCm">The most.</param>
    /// <param name="firstDegrees">The direction of the first, clockwise from the vehicle's front.</param>
    /// <param name="incrementDegrees">From one to the next, clockwise.</param>
    public ReadOnlyMemory<byte> Obstacles(
        ulong microseconds, ReadOnlySpan<ushort> distances, ushort minCm, ushort maxCm, float firstDegrees, float incrementDegrees)
    {
        Span<byte> payload = Begin(ObstacleLength);
        BinaryPrimitives.WriteUInt64LittleEndian(payload, microseconds);
        for (int i = 0; i < Distances; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(payload[(8 + (2 * i))..], distances[i]);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(payload[152..], minCm);
        BinaryPrimitives.WriteUInt16LittleEndian(payload[154..], maxCm);
        payload[156] = UnknownSensor;
        payload[157] = (byte)Math.Clamp((int)MathF.Round(incrementDegrees), 1, 255);
        BinaryPrimitives.WriteSingleLittleEndian(payload[158..], incrementDegrees);
        BinaryPrimitives.WriteSingleLittleEndian(payload[162..], firstDegrees);
        payload[166] = BodyFrontRightDown;
        return End(ObstacleId, ObstacleLength, ObstacleExtra);
    }

    private Span<byte> Begin(int length)
    {
        Span<byte> payload = _frame.AsSpan(HeaderLength, length);
        payload.Clear();
        return payload;
    }

    private ReadOnlyMemory<byte> End(int id, int length, byte extra)
    {
        while (length > 1 && _frame[HeaderLength + length - 1] == 0)
        {
            length--;
        }

        (_frame[0], _frame[1], _frame[2], _frame[3], _frame[4]) = (Magic, (byte)length, 0, 0, _sequence++);
        (_frame[5], _frame[6]) = (systemId, componentId);
        (_frame[7], _frame[8], _frame[9]) = ((byte)id, (byte)(id >> 8), (byte)(id >> 16));
        ushort crc = ushort.MaxValue;
        foreach (byte value in _frame.AsSpan(1, HeaderLength - 1 + length))
        {
            crc = Accumulate(crc, value);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(_frame.AsSpan(HeaderLength + length), Accumulate(crc, extra));
        return _frame.AsMemory(0, HeaderLength + length + 2);
    }

    private static ushort Accumulate(ushort crc, byte value)
    {
        byte t = (byte)(value ^ (byte)crc);
        t ^= (byte)(t << 4);
        return (ushort)((crc >> 8) ^ (t << 8) ^ (t << 3) ^ (t >> 4));
    }
}
