using System.Buffers.Binary;

namespace VisionBanana.Edge.Mavlink;

/// <summary>
/// Frames of MAVLink 1 and 2 (mavlink.io/en/guide/serialization.html) without signing: written, and found in a datagram. Everything is bounded by the
/// datagram; a frame whose checksum is wrong is none.
/// </summary>
internal static class MavlinkFrame
{
    /// <summary>The longest frame that is written.</summary>
    public const int MaxLength = Header + 255 + Checksum;

    private const byte Magic1 = 0xFE, Magic2 = 0xFD, SignedFlag = 1;
    private const int Header1 = 6, Header = 10, Checksum = 2, Signature = 13;

    /// <summary>Writes a MAVLink 2 frame and returns its length. Zeros at the end of the payload are left out, as the protocol asks.</summary>
    /// <param name="frame">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="message">Which message.</param>
    /// <param name="payload">Its fields in wire order.</param>
    /// <param name="sequence">Counts the frames of this component.</param>
    /// <param name="system">System id.</param>
    /// <param name="component">Component id.</param>
    public static int Write(Span<byte> frame, MavlinkMessage message, ReadOnlySpan<byte> payload, byte sequence, byte system, byte component)
    {
        int length = payload.LastIndexOfAnyExcept((byte)0) + 1;
        length = Math.Max(length, 1);
        frame[..Header].Clear();
        (frame[0], frame[1], frame[4], frame[5], frame[6]) = (Magic2, (byte)length, sequence, system, component);
        (frame[7], frame[8], frame[9]) = ((byte)message.Id, (byte)(message.Id >> 8), (byte)(message.Id >> 16));
        payload[..length].CopyTo(frame[Header..]);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[(Header + length)..], Crc(frame[1..(Header + length)], message.CrcExtra));
        return Header + length + Checksum;
    }

    /// <summary>Finds the next known, intact frame.</summary>
    /// <param name="bytes">A datagram, or what is left of one; moved behind the frame.</param>
    /// <param name="payload">Gets the payload, filled up with zeros to the full length of the message; at least 255 bytes long.</param>
    /// <param name="message">Which message it is.</param>
    /// <returns>False when there is none; nothing is left then.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> bytes, scoped Span<byte> payload, out MavlinkMessage message)
    {
        while (!bytes.IsEmpty)
        {
            int start = bytes.IndexOfAny(Magic1, Magic2);
            bytes = start < 0 ? [] : bytes[start..];
            if (!bytes.IsEmpty && TryReadHere(bytes, payload, out message, out int length))
            {
                bytes = bytes[length..];
                return true;
            }

            bytes = bytes.IsEmpty ? bytes : bytes[1..];
        }

        message = default;
        return false;
    }

    private static bool TryReadHere(ReadOnlySpan<byte> bytes, scoped Span<byte> payload, out MavlinkMessage message, out int length)
    {
        bool isSecond = bytes[0] == Magic2;
        int header = isSecond ? Header : Header1;
        (message, length) = (default, 0);
        if (bytes.Length < header + Checksum || bytes.Length < header + bytes[1] + Checksum)
        {
            return false;
        }

        int size = bytes[1];
        uint id = isSecond ? (uint)(bytes[7] | (bytes[8] << 8) | (bytes[9] << 16)) : bytes[5];
        length = header + size + Checksum + (isSecond && (bytes[2] & SignedFlag) != 0 ? Signature : 0);
        if (bytes.Length < length || !MavlinkMessage.TryFind(id, out message) || size > message.Length
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[(header + size)..]) != Crc(bytes[1..(header + size)], message.CrcExtra))
        {
            return false;
        }

        bytes.Slice(header, size).CopyTo(payload);
        payload[size..].Clear();
        return true;
    }

    /// <summary>CRC-16/MCRF4XX over the frame without its magic, then over the seed of the message.</summary>
    private static ushort Crc(ReadOnlySpan<byte> bytes, byte extra)
    {
        ushort crc = 0xFFFF;
        foreach (byte value in bytes)
        {
            crc = Add(crc, value);
        }

        return Add(crc, extra);
    }

    private static ushort Add(ushort crc, byte value)
    {
        byte mixed = (byte)(value ^ (byte)crc);
        mixed ^= (byte)(mixed << 4);
        return (ushort)((crc >> 8) ^ (mixed << 8) ^ (mixed << 3) ^ (mixed >> 4));
    }
}
