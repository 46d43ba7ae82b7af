using System.Buffers.Binary;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Lossless RVL compression of 16-bit depth (A. D. Wilson, "Fast Lossless Depth Image Compression", ISS 2017): runs of zeros and of other
/// values alternate; run lengths, and the zigzag difference of each value to the one before, are written as groups of 3 bits with a fourth
/// that says "more follow", eight groups to a little-endian 32-bit word, the first in the highest bits. These are the words that
/// compressed_depth_image_transport reads and writes. Nothing is allocated.
/// </summary>
public static class RvlCodec
{
    /// <summary>The most bytes <see cref="Encode"/> can need: six groups per sample, and a little for runs.</summary>
    public static int MaxLength(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return checked((samples * 3) + (samples / 1024) + 32);
    }

    /// <summary>Compresses samples and returns how many bytes were written, a multiple of 4.</summary>
    /// <exception cref="ArgumentException"><paramref name="output"/> is shorter than <see cref="MaxLength"/>.</exception>
    public static int Encode(ReadOnlySpan<ushort> samples, Span<byte> output)
    {
        if (output.Length < MaxLength(samples.Length))
        {
            throw new ArgumentException($"Expected room for {MaxLength(samples.Length)} bytes, found {output.Length}.", nameof(output));
        }

        var words = new WordWriter(output);
        int previous = 0;
        while (!samples.IsEmpty)
        {
            int zeros = samples.IndexOfAnyExcept((ushort)0);
            zeros = zeros < 0 ? samples.Length : zeros;
            samples = samples[zeros..];
            int values = samples.IndexOf((ushort)0);
            values = values < 0 ? samples.Length : values;
            words.Write((uint)zeros);
            words.Write((uint)values);
            foreach (ushort value in samples[..values])
            {
                int difference = value - previous;
                words.Write((uint)((difference << 1) ^ (difference >> 31)));
                previous = value;
            }

            samples = samples[values..];
        }

        return words.End();
    }

    /// <summary>Fills <paramref name="samples"/> from exactly the words that hold them.</summary>
    /// <exception cref="MessageFormatException">The bytes are too short, too long or not RVL.</exception>
    public static void Decode(ReadOnlySpan<byte> input, Span<ushort> samples)
    {
        var words = new WordReader(input);
        int previous = 0, at = 0;
        while (at < samples.Length)
        {
            int zeros = Run(words.Read(), samples.Length - at);
            samples.Slice(at, zeros).Clear();
            at += zeros;
            int values = Run(words.Read(), samples.Length - at);
            if ((zeros | values) == 0)
            {
                throw new MessageFormatException($"Two empty runs follow each other in RVL data at sample {at}.");
            }

            foreach (ref ushort sample in samples.Slice(at, values))
            {
                uint zigzag = words.Read();
                int value = previous + ((int)(zigzag >> 1) ^ -(int)(zigzag & 1));
                if ((uint)value > ushort.MaxValue)
                {
                    throw new MessageFormatException($"RVL data leads to the value {value}: expected 0 to 65535.");
                }

                sample = (ushort)value;
                previous = value;
            }

            at += values;
        }

        words.End();
    }

    private static int Run(uint length, int left) => length <= (uint)left
        ? (int)length
        : throw new MessageFormatException($"RVL data has a run of {length} samples where only {left} are left.");

    private ref struct WordWriter(Span<byte> output)
    {
        private readonly Span<byte> _output = output;
        private int _at, _groups;
        private uint _word;

        public void Write(uint value)
        {
            do
            {
                uint group = value & 7;
                value >>= 3;
                _word = (_word << 4) | group | (value != 0 ? 8u : 0);
                if (++_groups == 8)
                {
                    Flush();
                }
            }
            while (value != 0);
        }

        public int End()
        {
            if (_groups > 0)
            {
                _word <<= 4 * (8 - _groups);
                Flush();
            }

            return _at;
        }

        private void Flush()
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_output[_at..], _word);
            (_at, _groups, _word) = (_at + sizeof(uint), 0, 0);
        }
    }

    private ref struct WordReader(ReadOnlySpan<byte> input)
    {
        private readonly ReadOnlySpan<byte> _input = input;
        private int _at, _groups;
        private uint _word;

        public uint Read()
        {
            uint value = 0, group;
            int shift = 0;
            do
            {
                if (_groups == 0)
                {
                    Fill();
                }

                group = _word >> 28;
                _word <<= 4;
                _groups--;
                if (shift > 27)
                {
                    throw new MessageFormatException($"A number in RVL data is longer than ten groups before byte {_at}.");
                }

                value |= (group & 7) << shift;
                shift += 3;
            }
            while (group >= 8);
            return value;
        }

        public readonly void End()
        {
            if (_at != _input.Length)
            {
                throw new MessageFormatException($"RVL data ends after {_at} bytes, but there are {_input.Length}.");
            }
        }

        private void Fill()
        {
            if (_input.Length - _at < sizeof(uint))
            {
                throw new MessageFormatException($"RVL data of {_input.Length} bytes ends too early.");
            }

            _word = BinaryPrimitives.ReadUInt32LittleEndian(_input[_at..]);
            (_at, _groups) = (_at + sizeof(uint), 8);
        }
    }
}
